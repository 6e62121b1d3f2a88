import ALS
import ALSOpenCL
import OpenCL

/// The kernels of an iteration on a device, timed by their events.
struct KernelTiming: Encodable {
  /// One kernel, or what belongs to a half-step as a whole.
  struct Line: Encodable {
    var kernel: String
    var count: Int
    var seconds: Double
    /// By the formula of ``HalfStepCost``; absent where it says nothing.
    var gflops: Double?
    /// Share of the device's FMA rate.
    var fmaFraction: Double?
    /// Bytes gathered or moved, in 10⁹ a second.
    var gbps: Double?
    /// Share of the device's copy bandwidth. Above 1 where caches serve.
    var copyFraction: Double?

    enum CodingKeys: String, CodingKey {
      case kernel, count, seconds, gflops, gbps
      case fmaFraction = "fma_fraction"
      case copyFraction = "copy_fraction"
    }
  }

  /// The kernels of one half-step, or of the errors.
  struct Part: Encodable {
    /// items, users, or errors.
    var part: String
    /// Wall time, which includes the waits between kernels.
    var wallSeconds: Double
    /// Everything on the device.
    var total: Line
    var lines: [Line]

    enum CodingKeys: String, CodingKey {
      case part, total, lines
      case wallSeconds = "wall_seconds"
    }
  }

  /// The name of the sample.
  var sample: String
  /// cpu or gpu.
  var kernels: String
  var variant: String
  /// explicit or implicit.
  var feedback: String
  var rank: Int
  var iterations: Int
  /// Wall time of creating a session: compiling, planning, uploading.
  var startSeconds: Double
  /// Both half-steps on the device: medians.
  var iteration: Line
  /// Median wall time of both half-steps.
  var iterationWallSeconds: Double
  var parts: [Part]
  var peakDeviceBytes: Int

  enum CodingKeys: String, CodingKey {
    case sample, kernels, variant, feedback, rank, iterations, iteration, parts
    case startSeconds = "start_seconds"
    case iterationWallSeconds = "iteration_wall_seconds"
    case peakDeviceBytes = "peak_device_bytes"
  }

  /// Trains `iterations` iterations after one to warm up; of each half-step the median run counts.
  init(
    device: Device, family: KernelFamily?, variant: BenchmarkVariant, sample: BenchmarkSample, rank: Int,
    feedback: Feedback, iterations: Int, ceilings: DeviceCeilings
  ) throws {
    let data = sample.data
    self.sample = sample.facts.name
    let profile = CommandProfile()
    let backend = try OpenCLBackend(device: device, kernelFamily: family, profile: profile)
    let parameters = try variant.parameters(rank: rank, iterations: iterations + 1, feedback: feedback)
    let clock = ContinuousClock()
    let start = clock.now
    let session = try backend.makeSession(
      data: data, parameters: parameters,
      initial: .initial(for: data, parameters: parameters))
    startSeconds = (clock.now - start).inSeconds
    _ = try profile.take()

    var runs: [Side: [(wall: Double, times: [CommandTime])]] = [.item: [], .user: []]
    for iteration in 0...iterations {
      for side in parameters.sides {
        let wall = try clock.measure { try session.update(side) }
        let times = try profile.take()
        if iteration > 0 { runs[side]?.append((wall.inSeconds, times)) }
        try Interruption.shared.check("interrupted: the measurement is not complete")
      }
    }
    _ = try session.loss()
    _ = try profile.take()
    let lossWall = try clock.measure { _ = try session.loss() }
    let lossTimes = try profile.take()

    kernels = backend.kernelFamily.rawValue
    self.variant = variant.name
    self.feedback = feedback.isImplicit ? "implicit" : "explicit"
    self.rank = rank
    self.iterations = iterations
    peakDeviceBytes = session.peakDeviceBytes
    let rates = KernelRates(ceilings: ceilings)
    var operations = 0.0
    var gathered = 0.0
    parts = []
    for side in [Side.item, .user] {
      let cost = HalfStepCost(data[side], rank: rank, feedback: feedback)
      operations += cost.operations + cost.gramianOperations
      gathered += cost.gatheredBytes
      let ordered = (runs[side] ?? []).sorted { $0.times.seconds < $1.times.seconds }
      guard !ordered.isEmpty else { continue }
      let median = ordered[ordered.count / 2]
      parts.append(rates.part("\(side.rawValue)s", wall: median.wall, median.times, cost))
    }
    iteration = rates.line(
      "iteration", count: iterations, seconds: parts.reduce(0) { $0 + $1.total.seconds }, operations: operations,
      bytes: gathered)
    iterationWallSeconds = parts.reduce(0) { $0 + $1.wallSeconds }
    parts.append(rates.errors(wall: lossWall.inSeconds, lossTimes, ratings: data.byUser, rank: rank))
  }
}

extension [CommandTime] {
  /// The seconds of all.
  var seconds: Double { reduce(0) { $0 + $1.seconds } }
}
