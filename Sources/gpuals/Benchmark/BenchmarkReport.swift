import OpenCL

/// The JSON of `bench`.
struct BenchmarkReport: Encodable {
  /// The size of what was trained on.
  struct Problem: Encodable {
    /// The preset, or absent.
    var preset: String?
    var users: Int
    var items: Int
    /// Without the rows of the sample that are no ratings.
    var ratings: Int
    var generateSeconds: Double
    /// Bringing the ratings into both orientations.
    var buildSeconds: Double

    enum CodingKeys: String, CodingKey {
      case preset, users, items, ratings
      case generateSeconds = "generate_seconds"
      case buildSeconds = "build_seconds"
    }
  }

  var version: String
  var device: DeviceEntry
  var ceilings: DeviceCeilings?
  var problem: Problem?
  var timings: [KernelTiming]?
  var checks: [KernelCheck.Result]?
  /// The largest difference of the checks from the reference.
  var largestDifference: Double?
  /// Whether every check passed; absent without `--check`.
  var passed: Bool?

  enum CodingKeys: String, CodingKey {
    case version, device, ceilings, problem, timings, checks, passed
    case largestDifference = "largest_difference"
  }
}
