import ALS
import ALSOpenCL
import ArgumentParser
import OpenCL
import RatingsIO
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

      With --soak a process trains and recommends until the time is up: for leaks, and for devices that fail when warm.

      With --check nothing is timed: every variant of the kernels solves small problems, and is compared with the \
      reference. Exits with 70 if one is off.

      Examples:
        gpuals bench --preset ml20m --rank 64,128
        gpuals bench --check
        gpuals bench --soak 20 --rank 16
      """)

  @OptionGroup var device: DeviceOptions

  @Option(
    help: ArgumentHelp("Sizes of samples, as in 'gpuals generate'. (default: small)", valueName: "NAME,NAME,…"),
    transform: Self.presets)
  var preset: [SamplePreset] = []

  @OptionGroup var size: SampleSizeOptions

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

  @Option(help: ArgumentHelp("Start no further measurement after so many seconds.", valueName: "SECONDS"))
  var budget: Double?

  @Flag(help: "Compare every variant of the kernels with the reference on small problems.")
  var check = false

  @Option(
    help: ArgumentHelp(
      "With --check: the largest difference that passes, in place of each variant's own.", valueName: "D"))
  var tolerance: Double?

  @Flag(help: "Measure only what the device can do at best.")
  var ceilings = false

  @Option(
    help: ArgumentHelp(
      "Train and recommend over and over for so many minutes, and say how the memory of the process grows.",
      valueName: "MINUTES"))
  var soak: Double?

  @Option(help: ArgumentHelp("Also write the last sample to this directory, as bare arrays.", valueName: "DIR"))
  var export: String?

  @Flag(help: "Print a JSON document on standard output.")
  var json = false

  @Option(help: ArgumentHelp("Also write the JSON document to a file.", valueName: "FILE"))
  var output: String?

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

  private static func presets(_ names: String) throws -> [SamplePreset] {
    try names.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let preset = SamplePreset(rawValue: String(name)) else {
        let known = SamplePreset.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(name)' is no preset: they are \(known).")
      }
      return preset
    }
  }

  func validate() throws {
    guard device.device != .reference else {
      throw ValidationError("--device reference has no kernels to measure: give a device from 'gpuals devices'.")
    }
    guard !device.device.isSeveral else {
      throw ValidationError(
        "--device \(device.device) names several devices, but one is measured at a time: give one number.")
    }
    guard iterations >= 1 else { throw ValidationError("--iterations is \(iterations), but must be at least 1.") }
    if let soak, !(soak > 0 && soak <= 100_000) {
      throw ValidationError("--soak is \(soak), but must be a number of minutes above 0.")
    }
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
    } else if let soak {
      try soakDevice(chosen, minutes: soak, &report)
    } else {
      try timeKernels(chosen, &report)
    }
    let document = try JSONDocument.text(of: report)
    if json { try StandardOutput.shared.write(document) }
    if let output {
      let file = try AtomicFile(output)
      try Array(document.utf8).withUnsafeBytes { try file.write($0) }
      try file.commit()
    }
    if let soak = report.soak, soak.differingRounds > 0 {
      throw CommandError.kernelsDiffer(soak.differingRounds, of: soak.rounds)
    }
    let failures = report.checks?.count { !$0.passed } ?? 0
    if failures > 0 { throw CommandError.kernelsDiffer(failures, of: report.checks?.count ?? 0) }
  }

  private func chosenDevice(_ devices: [Device]) throws -> (Device, DeviceEntry) {
    let entries = DeviceEntry.all(devices)
    var index = entries.firstIndex(where: \.auto) ?? 0
    if case .selected(.indices(let numbers)) = device.device { index = numbers[0] }
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
      feedbacks: feedback.feedbacks, tolerance: tolerance)
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
    let start = ContinuousClock.now
    var timings: [KernelTiming] = []
    var skipped: [String] = []
    var samples: [BenchmarkSample.Facts] = []
    for (shape, preset) in try shapes() {
      progress.notices.note("generating \(Quantity.counted(shape.ratings, "rating"))")
      let sample = try BenchmarkSample(shape, preset: preset)
      samples.append(sample.facts)
      if let export { try MatrixExport.write(sample.data.byUser, to: export) }
      for rank in rank?.values ?? [ALSParameters.Default.rank] {
        for feedback in feedback.feedbacks {
          for variant in variants
          where variant.families.contains(device.kernelFamily.family ?? KernelFamily(for: chosen)) {
            let mode = feedback.isImplicit ? "implicit" : "explicit"
            let what = "\(sample.facts.name), \(variant.name), \(mode), rank \(rank)"
            if let budget, (ContinuousClock.now - start).inSeconds > budget {
              skipped.append("\(what): out of time")
              continue
            }
            do {
              let timing = try KernelTiming(
                device: chosen, family: device.kernelFamily.family, variant: variant, sample: sample, rank: rank,
                feedback: feedback, iterations: iterations, ceilings: measured)
              timings.append(timing)
              if !json { try StandardOutput.shared.write(BenchmarkText.text(timing)) }
            } catch let error as OpenCLError {
              // What does not fit this device must not keep the rest from being measured.
              skipped.append("\(what): \(error)")
              progress.notices.warn(skipped[skipped.count - 1])
            }
            try StandardOutput.shared.flush()
          }
        }
      }
    }
    report.samples = samples
    report.timings = timings
    report.skipped = skipped
    if !json, timings.count > 1 { try StandardOutput.shared.write(BenchmarkText.summary(timings)) }
    if timings.isEmpty, let first = skipped.first { throw CommandError.nothingMeasured(reason: first) }
  }

  private func soakDevice(_ chosen: Device, minutes: Double, _ report: inout BenchmarkReport) throws {
    guard let (shape, preset) = try shapes().first else { return }
    let soak = try Soak(
      device: chosen, family: device.kernelFamily.family, sample: BenchmarkSample(shape, preset: preset),
      rank: rank?.values.first ?? 16, feedbacks: feedback.feedbacks, minutes: minutes
    ) { sample in
      guard !json else { return }
      try StandardOutput.shared.write(BenchmarkText.text(sample))
      try StandardOutput.shared.flush()
    }
    report.soak = soak
    if !json { try StandardOutput.shared.write(BenchmarkText.text(soak)) }
  }

  private func shapes() throws -> [(SampleShape, SamplePreset?)] {
    if size.isEmpty { return (preset.isEmpty ? [.small] : preset).map { ($0.shape, $0) } }
    return [(try size.shape(base: (preset.first ?? .small).shape), nil)]
  }
}
