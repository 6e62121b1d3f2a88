import ALS
import ALSOpenCL
import OpenCL
import SystemProgram

/// One process that trains and recommends over and over, and how its memory grows.
struct Soak: Encodable {
  /// How things stood at a moment.
  struct Sample: Encodable {
    /// Since the start.
    var seconds: Double
    /// Rounds done: each trains a model and makes the lists of all users.
    var rounds: Int
    /// Resident memory of the process.
    var residentBytes: Int

    enum CodingKeys: String, CodingKey {
      case seconds, rounds
      case residentBytes = "resident_bytes"
    }
  }

  var rank: Int
  var rounds: Int
  var seconds: Double
  var samples: [Sample]
  /// Slope of the resident memory over the last half of the time, by least squares.
  var bytesPerMinute: Double
  /// The same for each round.
  var bytesPerRound: Double
  /// Rounds whose factors or lists were not those of the first: a device that computes otherwise when it is warm.
  var differingRounds: Int

  enum CodingKeys: String, CodingKey {
    case rank, rounds, seconds, samples
    case bytesPerMinute = "bytes_per_minute"
    case bytesPerRound = "bytes_per_round"
    case differingRounds = "differing_rounds"
  }

  private static let samplesAtLeast = 40.0
  private static let listLength = 10

  /// Runs until the time is up, or a signal comes.
  ///
  /// - Parameters:
  ///   - feedbacks: taken in turn.
  ///   - tell: called with each sample.
  init(
    device: Device, family: KernelFamily?, sample: BenchmarkSample, rank: Int, feedbacks: [Feedback], minutes: Double,
    tell: (Sample) throws -> Void
  ) throws {
    self.rank = rank
    let clock = ContinuousClock()
    let start = clock.now
    let backend = try OpenCLBackend(device: device, kernelFamily: family)
    var samples: [Sample] = []
    var rounds = 0
    var differing = 0
    var firsts: [Int: (factors: Factors, lists: UInt64)] = [:]
    let interval = max(0.5, min(30, minutes * 60 / Self.samplesAtLeast))
    while true {
      let index = rounds % feedbacks.count
      let parameters = try ALSParameters(rank: rank, iterations: 3, feedback: feedbacks[index])
      let factors = try Trainer(backend: backend, parameters: parameters).train(sample.data).state.factors
      let lists = try Self.fingerprint(of: factors, sample.data, device: device, family: family)
      if let first = firsts[index] {
        if first.factors != factors || first.lists != lists { differing += 1 }
      } else {
        firsts[index] = (factors, lists)
      }
      rounds += 1
      let seconds = (clock.now - start).inSeconds
      let isLast = seconds >= minutes * 60 || Interruption.shared.requested != nil
      if isLast || seconds - (samples.last?.seconds ?? -.infinity) >= interval {
        let now = Sample(seconds: seconds, rounds: rounds, residentBytes: ProcessMemory.residentBytes ?? 0)
        samples.append(now)
        try tell(now)
      }
      if isLast { break }
    }
    let lasted = samples.last?.seconds ?? 0
    self.rounds = rounds
    seconds = lasted
    self.samples = samples
    differingRounds = differing
    let half = samples.filter { $0.seconds >= lasted / 2 }
    bytesPerMinute = 60 * Self.slope(half.map { ($0.seconds, Double($0.residentBytes)) })
    bytesPerRound = Self.slope(half.map { (Double($0.rounds), Double($0.residentBytes)) })
  }

  /// The lists of all users in a number.
  private static func fingerprint(of factors: Factors, _ data: TrainingData, device: Device, family: KernelFamily?)
    throws
    -> UInt64
  {
    let recommender = try OpenCLRecommender(
      device: device, kernelFamily: family, factors: factors,
      allowed: [Bool](repeating: true, count: factors.item.rowCount), seen: [data.byUser], count: listLength,
      mostUsers: factors.user.rowCount)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for place in try recommender.lists(forUsers: Array(0..<factors.user.rowCount)[...]).joined() {
      hash = (hash ^ (UInt64(place.row) << 32 | UInt64(place.score.bitPattern))) &* 0x100_0000_01b3
    }
    return hash
  }

  /// Of the line through points that is nearest by squares; 0 for fewer than two.
  private static func slope(_ points: [(x: Double, y: Double)]) -> Double {
    guard points.count > 1 else { return 0 }
    let count = Double(points.count)
    let (meanX, meanY) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    return spread == 0 ? 0 : points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
  }
}
