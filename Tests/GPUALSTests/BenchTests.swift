import Testing

@Suite struct `gpuals bench` {
  /// Whether this machine has a device to measure; `ALSOpenCLTests` fail where one is required and missing.
  private static let hasDevice =
    (try? GPUALSProgram.run(["devices"], in: Workspace()).status) == 0

  private static let small = ["--users", "300", "--items", "200", "--ratings", "9000"]

  @Test(.enabled(if: hasDevice))
  func `tells the ceilings of a device and the share that each kernel reaches`() throws {
    let arguments = ["bench", "--rank", "8", "--iterations", "1", "--feedback", "implicit", "--json"]
    let outcome = try GPUALSProgram.run(arguments + Self.small, in: Workspace())
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try JSONValue(parsing: outcome.output)
    for ceiling in ["fma_gflops", "copy_gbps", "upload_gbps", "download_gbps"] {
      #expect((report["ceilings"]?[ceiling]?.number ?? 0) > 0)
    }
    let parts = report["timings"]?.elements.first?["parts"]?.elements ?? []
    #expect(parts.map { $0["part"] } == [.text("items"), .text("users"), .text("errors")])
    for part in parts.prefix(2) {
      let kernels = part["lines"]?.elements.compactMap { $0["kernel"] } ?? []
      #expect(kernels.contains(.text("fill")) && kernels.contains(.text("sum_partials")))
      #expect((part["total"]?["gflops"]?.number ?? 0) > 0)
    }
  }

  @Test(.enabled(if: hasDevice))
  func `compares every kernel with the reference`() throws {
    let outcome = try GPUALSProgram.run(["bench", "--check", "--rank", "3", "--json"], in: Workspace())
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try JSONValue(parsing: outcome.output)
    #expect(report["passed"] == .bool(true))
    #expect((report["checks"]?.elements.count ?? 0) >= 4)
  }

  @Test(.enabled(if: hasDevice))
  func `trains and recommends until the time is up, the same every time`() throws {
    let outcome = try GPUALSProgram.run(
      ["bench", "--soak", "0.03", "--rank", "4", "--json"] + Self.small, in: Workspace())
    #expect(outcome.status == 0, "\(outcome.errors)")
    let soak = try #require(try JSONValue(parsing: outcome.output)["soak"])
    #expect((soak["rounds"]?.number ?? 0) >= 1 && soak["differing_rounds"] == .number(0))
    #expect((soak["seconds"]?.number ?? 0) >= 1.8)
    let samples = soak["samples"]?.elements ?? []
    #expect(samples.count >= 1 && samples.last?["rounds"] == soak["rounds"])
    #expect(soak["bytes_per_minute"]?.number != nil)
  }

  @Test(.enabled(if: hasDevice))
  func `exits with 70 if a kernel is off, and says how many are`() throws {
    let outcome = try GPUALSProgram.run(
      ["bench", "--check", "--rank", "3", "--feedback", "explicit", "--tolerance", "0"], in: Workspace())
    #expect(outcome.status == 70)
    #expect(outcome.output.contains("FAILED") && outcome.errors.contains("comparisons with the reference failed"))
  }

  @Test func `has no kernels to measure on the reference`() throws {
    let outcome = try GPUALSProgram.run(["bench", "--device", "reference"], in: Workspace())
    #expect(outcome.status == 64)
  }

  @Test func `refuses ranks that are no numbers, and variants that do not exist`() throws {
    #expect(try GPUALSProgram.run(["bench", "--rank", "8,x"], in: Workspace()).status == 64)
    #expect(try GPUALSProgram.run(["bench", "--variant", "magic"], in: Workspace()).status == 64)
  }
}
