import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `--device-memory` and `--dry-run`. What needs a device is tried where there is one.
@Suite struct `The memory of the device` {
  private static let hasDevice: Bool = {
    guard let workspace = try? Workspace(), let outcome = try? GPUALSProgram.run(["devices"], in: workspace) else {
      return false
    }
    return outcome.status == 0
  }()

  private static func train(_ more: String...) -> [String] {
    ["train", "ratings.tsv", "--model", "model", "--rank", "3", "--quiet"] + more
  }

  @Test(.enabled(if: hasDevice)) func `a dry run prints the plan and writes nothing`() throws {
    let workspace = try SampleWorkspace.make()
    let before = workspace.entries()
    let outcome = try GPUALSProgram.run(Self.train("--dry-run", "--copy-ratings", "--holdout", "0.1"), in: workspace)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    for text in ["the user factors", "the ratings by item", "the held-out ratings", "together", "GFLOP", "resident"] {
      #expect(outcome.output.contains(text), "\(outcome.output)")
    }
    #expect(workspace.entries() == before)
  }

  @Test(.enabled(if: hasDevice)) func `a dry run's JSON adds up, and the peak is that of the run`() throws {
    let workspace = try SampleWorkspace.make()
    let dry = try GPUALSProgram.run(Self.train("--dry-run", "--json", "--device-memory", "1G"), in: workspace)
    #expect(dry.status == 0, "\(dry.errors)")
    let plan = try JSONValue(parsing: dry.output)
    #expect(
      plan.keys == [
        "buffers", "device", "device_memory_bytes", "gigaflop_per_iteration", "items", "largest_buffer_bytes",
        "peak_device_bytes", "rank", "ratings", "streamed_bytes_per_iteration", "users",
      ])
    #expect(plan["device_memory_bytes"] == .number(0x1p30))
    let peak = try #require(plan["peak_device_bytes"]?.number)
    let sum = try #require(plan["buffers"]).elements.reduce(0) { $0 + ($1["bytes"]?.number ?? 0) }
    #expect(sum == peak)
    let trained = try GPUALSProgram.run(Self.train("--json", "--device-memory", "1G"), in: workspace)
    let used = try #require(try JSONValue(parsing: trained.output)["peak_device_bytes"]?.number)
    #expect(used <= peak)
  }

  @Test(.enabled(if: hasDevice)) func `too little memory ends with 69 and says how much is needed`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(Self.train("--device-memory", "100"), in: workspace)
    #expect(outcome.status == 69)
    let words = outcome.errors.split(separator: " ").map(String.init)
    let needed = try #require(words.compactMap { Int($0) }.first { $0 > 100 })
    #expect(outcome.errors.contains("raise --device-memory"))
    #expect(!workspace.exists("model"))
    let enough = try GPUALSProgram.run(Self.train("--device-memory", "\(needed)"), in: workspace)
    #expect(enough.status == 0, "\(enough.errors)")
    let tooLittle = try GPUALSProgram.run(Self.train("--device-memory", "\(needed - 1)"), in: workspace)
    #expect(tooLittle.status == 69)
  }

  @Test(arguments: ["0", "-1", "8Q", "G", "1.2.3M", "", "99999999T", "nan"])
  func `an amount of memory that is none is wrong usage`(text: String) throws {
    let outcome = try GPUALSProgram.run(Self.train("--device-memory=\(text)"), in: SampleWorkspace.make())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--device-memory"))
  }

  @Test(
    .enabled(if: hasDevice),
    arguments: [
      ("512M", 0x1p29), ("8G", 0x1p33), ("8GiB", 0x1p33), ("1.5g", 1.5 * 0x1p30), ("9000000", 9e6), ("2GB", 2e9),
    ])
  func `sizes are read as people write them`(text: String, bytes: Double) throws {
    let outcome = try GPUALSProgram.run(
      Self.train("--device-memory", text, "--dry-run", "--json"), in: SampleWorkspace.make())
    let limit = try #require(try JSONValue(parsing: outcome.output)["device_memory_bytes"]?.number)
    // The device may have less than 8 GiB to spare.
    #expect(limit == bytes || limit < bytes && bytes > 4e9)
  }

  @Test(arguments: [["--device-memory", "1G"], ["--copy-ratings"], ["--dry-run"]])
  func `the reference has no device's memory`(options: [String]) throws {
    let outcome = try GPUALSProgram.run(
      ["train", "ratings.tsv", "--model", "model", "--device", "reference"] + options, in: SampleWorkspace.make())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(options[0]))
  }
}
