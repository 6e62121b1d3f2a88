import ALS
import ALSOpenCL
import ArgumentParser
import OpenCL
import SampleRatings

/// `gpuals bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure a device and the kernels on it.",
    discussion: """
      Measures what the device can do at best (fused multiply-adds, copies), then times every kernel of an iteration on a \
      generated sample, by the device's own clock, and says what share of the best it reaches. Rates are by the \
      formula for exact Cholesky, nnz·f·(f+1) + 2·nnz·f + m·(f³/3 + 2f²) a half-step, so that methods compare.

      With --check nothing is timed: every variant of the kernels solves small problems, and is compared with the \
      reference. Exits with 70 if one is off.

      Examples:
        gpuals bench --preset ml20m --rank 64,128
        gpuals bench --check
      """)

  @OptionGroup var device: DeviceOptions

  @Option(help: ArgumentHelp("The size of the sample, as in 'gpuals generate'. (default: small)", valueName: "NAME"))
  var preset: SamplePreset?

  @Option(help: ArgumentHelp("Number of users, in place of the preset's.", valueName: "N"))
  var users: Int?

  @Option(help: ArgumentHelp("Number of items, in place of the preset's.", valueName: "N"))
  var items: Int?

  @Option(help: ArgumentHelp("Number of ratings, in place of the preset's.", valueName: "N"))
  var ratings: Int?

  @Option(help: ArgumentHelp("Ranks. (default: 64; with --check a list of ten)", valueName: "F,F,…"))
  var rank: WholeNumbers?

  @Option(help: ArgumentHelp("Which objectives: explicit, implicit or both.", valueName: "MODE"))
  var feedback = FeedbackChoice.both

  @Option(
    help: ArgumentHelp(
      "Which ways to solve: \(BenchmarkVariant.all.map(\.name).joined(separator: ", ")), or all. (default: cholesky; all with --check)",
      valueName: "NAME"))
  var variant: String?

  @Option(help: ArgumentHelp("Iterations to time, after one to warm up; medians count.", valueName: "N"))
  var iterations = 3

  @Flag(help: "Compare every variant of the kernels with the reference on small problems.")
  var check = false

  @Flag(help: "Measure only what the device can do at best.")
  var ceilings = false

  @Option(help: ArgumentHelp("Also write the sample to this directory, as bare arrays.", valueName: "DIR"))
  var export: String?

  @Flag(help: "Print a JSON document on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  /// What `--feedback` names.
  enum FeedbackChoice: String, CaseIterable, ExpressibleByArgument {
    case explicit, implicit, both

    var feedbacks: [Feedback] {
      switch self {
      case .explicit: [.explicit]
      case .implicit: [.implicit(alpha: ALSParameters.Default.alpha)]
      case .both: [.explicit, .implicit(alpha: ALSParameters.Default.alpha)]
      }
    }
  }

  /// Ranks with and without padding, on both sides of every change of kernel, and the usual ones.
  private static let checkedRanks = [1, 7, 16, 32, 33, 64, 100, 128, 129, 200]

  func validate() throws {
    guard device.device != .reference else {
      throw ValidationError("--device reference has no kernels to measure: give a device from 'gpuals devices'.")
    }
    guard iterations >= 1 else { throw ValidationError("--iterations is \(iterations), but must be at least 1.") }
    if let variant, variant != "all", !BenchmarkVariant.all.contains(where: { $0.name == variant }) {
      throw ValidationError(
        "--variant \(variant) is not known: it is all or one of "
          + "\(BenchmarkVariant.all.map(\.name).joined(separator: ", ")).")
    }
  }

  func run() throws {
    Interruption.shared.set(.whenAsked(notice: "stopping"))
    let devices = try OpenCLLibrary.load().devices()
    let (chosen, entry) = try chosenDevice(devices)
    var report = BenchmarkReport(version: Model.softwareVersion, device: entry)
    if check {
      try checkKernels(chosen, &report)
    } else {
      try timeKernels(chosen, &report)
    }
    if json { try JSONDocument.print(report) }
    let failures = report.checks?.count { !$0.passed } ?? 0
    if failures > 0 { throw CommandError.kernelsDiffer(failures, of: report.checks?.count ?? 0) }
  }

  private func chosenDevice(_ devices: [Device]) throws -> (Device, DeviceEntry) {
    let entries = DeviceEntry.all(devices)
    var index = entries.firstIndex(where: \.auto) ?? 0
    if case .index(let number) = device.device { index = number }
    guard devices.indices.contains(index) else {
      throw OpenCLError.noSuchDevice(index: index, count: devices.count)
    }
    return (devices[index], entries[index])
  }

  private var variants: [BenchmarkVariant] {
    let name = variant ?? (check ? "all" : BenchmarkVariant.all[0].name)
    return name == "all" ? BenchmarkVariant.all : BenchmarkVariant.all.filter { $0.name == name }
  }

  private func checkKernels(_ chosen: Device, _ report: inout BenchmarkReport) throws {
    // A CPU runs both families, which is how the kernels for GPUs are tried without one.
    let families = device.kernelFamily.family.map { [$0] } ?? (chosen.kind == .cpu ? KernelFamily.allCases : [.gpu])
    let check = KernelCheck(
      device: chosen, families: families, variants: variants, ranks: rank?.values ?? Self.checkedRanks,
      feedbacks: feedback.feedbacks)
    let results = try check.results { result in
      guard !json else { return }
      try StandardOutput.shared.write(BenchmarkText.text(result))
      try StandardOutput.shared.flush()
    }
    report.checks = results
    report.largestDifference = results.compactMap(\.difference).max()
    report.passed = results.allSatisfy(\.passed)
    if !json, let largest = report.largestDifference {
      try StandardOutput.shared.write(
        "\(results.count { $0.passed }) of \(results.count) agree with the reference; the largest difference is "
          + "\(Quantity.scientific(largest))\n")
    }
  }

  private func timeKernels(_ chosen: Device, _ report: inout BenchmarkReport) throws {
    let measured = try DeviceCeilings(chosen)
    report.ceilings = measured
    if !json { try StandardOutput.shared.write(BenchmarkText.text(chosen, measured)) }
    if ceilings { return }
    let (data, problem) = try sample()
    report.problem = problem
    report.timings = []
    if !json {
      try StandardOutput.shared.write(
        "\(Quantity.grouped(problem.users)) users × \(Quantity.grouped(problem.items)) items, "
          + "\(Quantity.counted(problem.ratings, "rating"))\n")
    }
    for rank in rank?.values ?? [ALSParameters.Default.rank] {
      for feedback in feedback.feedbacks {
        for variant in variants {
          let timing = try KernelTiming(
            device: chosen, family: device.kernelFamily.family, variant: variant, data: data, rank: rank,
            feedback: feedback, iterations: iterations, ceilings: measured)
          report.timings?.append(timing)
          guard !json else { continue }
          try StandardOutput.shared.write(BenchmarkText.text(timing))
          try StandardOutput.shared.flush()
        }
      }
    }
  }

  private func sample() throws -> (TrainingData, BenchmarkReport.Problem) {
    let base = (preset ?? .small).shape
    let shape = try SampleShape(
      users: users ?? base.users, items: items ?? base.items, ratings: ratings ?? base.ratings)
    progress.notices.note("generating \(Quantity.counted(shape.ratings, "rating"))")
    let clock = ContinuousClock()
    let start = clock.now
    let matrix = SampleGenerator(shape: shape).matrix()
    let generated = clock.now
    let data = try TrainingData(ratings: matrix)
    let problem = BenchmarkReport.Problem(
      preset: users == nil && items == nil && ratings == nil ? (preset ?? .small).rawValue : nil,
      users: matrix.rowCount, items: matrix.columnCount, ratings: matrix.entryCount,
      generateSeconds: (generated - start).inSeconds, buildSeconds: (clock.now - generated).inSeconds)
    if let export { try MatrixExport.write(matrix, to: export) }
    return (data, problem)
  }
}
