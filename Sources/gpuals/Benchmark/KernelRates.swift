import ALS
import OpenCL

/// Turns times into rates and shares of a device's ceilings.
struct KernelRates {
  let ceilings: DeviceCeilings

  /// A line with what can be said of it.
  func line(_ kernel: String, count: Int, seconds: Double, operations: Double = 0, bytes: Double = 0)
    -> KernelTiming.Line
  {
    var line = KernelTiming.Line(kernel: kernel, count: count, seconds: seconds)
    guard seconds > 0 else { return line }
    if operations > 0 {
      let rate = operations / seconds / 1e9
      line.gflops = rate
      line.fmaFraction = rate / ceilings.fmaGFLOPS
    }
    if bytes > 0 {
      let rate = bytes / seconds / 1e9
      line.gbps = rate
      line.copyFraction = rate / ceilings.copyGBps
    }
    return line
  }

  /// A half-step. Where several kernels share the work of the formula, only their sum has a rate.
  func part(_ name: String, wall: Double, _ times: [CommandTime], _ cost: HalfStepCost) -> KernelTiming.Part {
    let solvers = times.filter { $0.bytes == 0 && !Self.isGramian($0) }
    let gramians = times.filter(Self.isGramian)
    var lines: [KernelTiming.Line] = []
    for time in times {
      let isOnlySolver = solvers.count == 1 && solvers[0].name == time.name
      let isMainGramian = gramians.first?.name == time.name
      lines.append(
        line(
          time.name, count: time.count, seconds: time.seconds,
          operations: isOnlySolver ? cost.operations : isMainGramian ? cost.gramianOperations : 0,
          bytes: isOnlySolver ? cost.gatheredBytes : Double(time.bytes)))
    }
    if solvers.count > 1 {
      lines.append(
        line(
          "(solving together)", count: solvers.reduce(0) { $0 + $1.count }, seconds: solvers.seconds,
          operations: cost.operations, bytes: cost.gatheredBytes))
    }
    let total = line(
      "all", count: times.reduce(0) { $0 + $1.count }, seconds: times.seconds,
      operations: cost.operations + cost.gramianOperations, bytes: cost.gatheredBytes)
    return KernelTiming.Part(part: name, wallSeconds: wall, total: total, lines: lines)
  }

  /// The kernels that compute the loss: 2·nnz·f operations by the errors of the ratings.
  func errors(wall: Double, _ times: [CommandTime], ratings: CSRMatrix, rank: Int) -> KernelTiming.Part {
    let operations = 2 * Double(ratings.entryCount) * Double(rank)
    let bytes = Double(ratings.entryCount) * (4 * Double(rank) + 8)
    let lines = times.map { time in
      let isErrors = time.name.hasSuffix("_errors")
      return line(
        time.name, count: time.count, seconds: time.seconds, operations: isErrors ? operations : 0,
        bytes: isErrors ? bytes : Double(time.bytes))
    }
    return KernelTiming.Part(
      part: "errors", wallSeconds: wall,
      total: line("all", count: times.reduce(0) { $0 + $1.count }, seconds: times.seconds), lines: lines)
  }

  private static func isGramian(_ time: CommandTime) -> Bool {
    time.name.hasSuffix("gramian") || time.name == "sum_partials"
  }
}
