import Testing

/// `--device 0,1`, on two devices of pocl that the environment asks for.
@Suite struct `Several devices` {
  private static let two = ["POCL_DEVICES": "basic basic"]

  private static let hasTwo: Bool = {
    guard let workspace = try? Workspace(),
      let outcome = try? GPUALSProgram.run(["devices", "--json"], in: workspace, environment: two),
      let devices = try? JSONValue(parsing: outcome.output)
    else { return false }
    return devices.elements.count { $0["name"]?.text?.hasPrefix("basic") == true } == 2
  }()

  private static func train(_ device: String, _ more: [String] = []) -> [String] {
    ["train", "ratings.tsv", "--model", "model-\(device)", "--rank", "5", "--iterations", "4", "--quiet", "--json"]
      + ["--device", device] + more
  }

  @Test(.enabled(if: hasTwo), arguments: [["--holdout", "0.1"], ["--implicit"], ["--biases"]])
  func `train as one does`(options: [String]) throws {
    let workspace = try SampleWorkspace.make()
    var models: [(json: JSONValue, files: [[UInt8]])] = []
    for device in ["0", "0,1"] {
      let outcome = try GPUALSProgram.run(Self.train(device, options), in: workspace, environment: Self.two)
      #expect(outcome.status == 0, "\(outcome.errors)")
      models.append(
        (
          try JSONValue(parsing: outcome.output),
          try ["user_factors.npy", "item_factors.npy"].map { try workspace.readBytes("model-\(device)/\($0)") }
        ))
    }
    let names = models.map { $0.json["device"]?.text ?? "" }
    #expect(names[1] == "\(names[0]) + \(names[0])")
    for (one, two) in zip(models[0].files, models[1].files) {
      let (a, b) = (Self.floats(one), Self.floats(two))
      #expect(a.count == b.count && !a.isEmpty)
      let largest = a.map(abs).max() ?? 0
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
    }
  }

  @Test(.enabled(if: hasTwo)) func `a dry run plans the memory of each`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(Self.train("0,1", ["--dry-run"]), in: workspace, environment: Self.two)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let plans = try #require(try JSONValue(parsing: outcome.output)["devices"]).elements
    #expect(plans.count == 2)
    #expect(plans.allSatisfy { ($0["peak_device_bytes"]?.number ?? 0) > 0 })
  }

  @Test func `what is no list of devices, or no such device, is refused`() throws {
    let workspace = try SampleWorkspace.trained()
    for device in ["0,0", "0,", "a,b"] {
      let outcome = try GPUALSProgram.run(Self.train(device), in: workspace)
      #expect(outcome.status == 64 && outcome.errors.contains("--device"), "\(outcome.errors)")
    }
    #expect(try GPUALSProgram.run(Self.train("0,4711"), in: workspace).status == 69)
    let lists = try GPUALSProgram.run(["recommend", "--model", "model", "--all", "--device", "0,1"], in: workspace)
    #expect(lists.status == 64 && lists.errors.contains("one number"), "\(lists.errors)")
  }

  /// The numbers of a NumPy file of 32-bit floats.
  private static func floats(_ bytes: [UInt8]) -> [Float] {
    let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    return stride(from: start, to: bytes.count, by: 4).map { place in
      var pattern: UInt32 = 0
      for byte in bytes[place..<place + 4].reversed() { pattern = pattern << 8 | UInt32(byte) }
      return Float(bitPattern: pattern)
    }
  }
}
