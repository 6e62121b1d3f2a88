import OpenCL

/// What `bench` prints for people.
enum BenchmarkText {
  /// The device and its ceilings.
  static func text(_ device: Device, _ ceilings: DeviceCeilings) -> String {
    "\(device.name), driver \(device.driverVersion): \(Quantity.significant(ceilings.fmaGFLOPS)) GFLOP/s FMA, "
      + "\(Quantity.significant(ceilings.copyGBps)) GB/s copy, \(Quantity.significant(ceilings.uploadGBps)) GB/s upload, "
      + "\(Quantity.significant(ceilings.downloadGBps)) GB/s download\n"
  }

  /// How a soak stands.
  static func text(_ sample: Soak.Sample) -> String {
    "\(Quantity.duration(sample.seconds)): \(Quantity.counted(sample.rounds, "round")),"
      + " \(Quantity.bytes(UInt64(sample.residentBytes))) resident\n"
  }

  /// How a soak ended.
  static func text(_ soak: Soak) -> String {
    "\(Quantity.counted(soak.rounds, "round")) of training and recommending in \(Quantity.duration(soak.seconds));"
      + " over the last half, resident memory grew by \(Quantity.significant(soak.bytesPerMinute / 1024)) KiB a minute,"
      + " \(Quantity.significant(soak.bytesPerRound)) bytes a round; \(Quantity.counted(soak.differingRounds, "round"))"
      + " differed from the first\n"
  }

  /// The kernels of a variant, half-step by half-step.
  static func text(_ timing: KernelTiming) -> String {
    var table = TextTable([
      ("", .left), ("kernel", .left), ("calls", .right), ("time", .right), ("GFLOP/s", .right), ("of FMA", .right),
      ("GB/s", .right), ("of copy", .right),
    ])
    for part in timing.parts {
      for (index, line) in part.lines.enumerated() { table.rows.append(row(index == 0 ? part.part : "", line)) }
      if part.lines.count > 1 { table.rows.append(row("", part.total)) }
    }
    table.rows.append(row("", timing.iteration))
    return "\n\(timing.sample), \(timing.variant), \(timing.feedback), rank \(timing.rank), \(timing.kernels) kernels: "
      + "\(Quantity.duration(timing.iteration.seconds)) an iteration on the device, "
      + "\(Quantity.duration(timing.iterationWallSeconds)) by the clock; started in "
      + "\(Quantity.duration(timing.startSeconds)), \(Quantity.bytes(UInt64(timing.peakDeviceBytes))) on the device\n"
      + table.text()
  }

  private static func row(_ part: String, _ line: KernelTiming.Line) -> [String] {
    [
      part, line.kernel, String(line.count), Quantity.duration(line.seconds),
      line.gflops.map { Quantity.significant($0) } ?? "", line.fmaFraction.map(percent) ?? "",
      line.gbps.map { Quantity.significant($0) } ?? "", line.copyFraction.map(percent) ?? "",
    ]
  }

  private static func percent(_ fraction: Double) -> String { "\(Quantity.fixed(fraction * 100, 1)) %" }

  /// All timings as one table in Markdown, a line each.
  static func summary(_ timings: [KernelTiming]) -> String {
    let head = "| sample | solver | | rank | kernels | iteration, device | by the clock | GFLOP/s | of FMA | memory |"
    return timings.reduce("\n\(head)\n|---|---|---|---|---|---|---|---|---|---|\n") { text, timing in
      let line = timing.iteration
      let cells = [
        timing.sample, timing.variant, timing.feedback, String(timing.rank), timing.kernels,
        Quantity.duration(line.seconds), Quantity.duration(timing.iterationWallSeconds),
        line.gflops.map { Quantity.significant($0) } ?? "", line.fmaFraction.map(percent) ?? "",
        Quantity.bytes(UInt64(timing.peakDeviceBytes)),
      ]
      return text + "| " + cells.joined(separator: " | ") + " |\n"
    }
  }

  /// One comparison, on a line of its own.
  static func text(_ result: KernelCheck.Result) -> String {
    let found = result.difference.map { Quantity.scientific($0) } ?? result.failure ?? ""
    return "\(result.passed ? "ok    " : "FAILED")  \(found)  (at most \(Quantity.scientific(result.tolerance)))  "
      + "\(result.variant), \(result.feedback), rank \(result.rank), \(result.problem), \(result.kernels) kernels\n"
  }
}
