import ALS
import SampleRatings

/// A generated sample to time kernels on.
struct BenchmarkSample {
  /// What it is, and what making it took.
  struct Facts: Encodable {
    /// The preset, or users × items where sizes were given.
    var name: String
    var users: Int
    var items: Int
    /// Without the rows of the sample that are no ratings.
    var ratings: Int
    var generateSeconds: Double
    /// Bringing the ratings into both orientations.
    var buildSeconds: Double

    enum CodingKeys: String, CodingKey {
      case name, users, items, ratings
      case generateSeconds = "generate_seconds"
      case buildSeconds = "build_seconds"
    }
  }

  let facts: Facts
  let data: TrainingData

  /// Generates ratings and transposes them.
  init(_ shape: SampleShape, preset: SamplePreset?) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let matrix = SampleGenerator(shape: shape).matrix()
    let generated = clock.now
    data = try TrainingData(ratings: matrix)
    facts = Facts(
      name: preset?.rawValue ?? "\(shape.users) × \(shape.items)", users: matrix.rowCount, items: matrix.columnCount,
      ratings: matrix.entryCount, generateSeconds: (generated - start).inSeconds,
      buildSeconds: (clock.now - generated).inSeconds)
  }
}
