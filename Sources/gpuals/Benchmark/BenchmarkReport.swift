import OpenCL

/// The JSON of `bench`.
struct BenchmarkReport: Encodable {
  var version: String
  var device: DeviceEntry
  var ceilings: DeviceCeilings?
  var samples: [BenchmarkSample.Facts]?
  var timings: [KernelTiming]?
  /// What there was no time for, or no memory.
  var skipped: [String]?
  var checks: [KernelCheck.Result]?
  var soak: Soak?
  /// The largest difference of the checks from the reference.
  var largestDifference: Double?
  /// Whether every check passed; absent without `--check`.
  var passed: Bool?

  enum CodingKeys: String, CodingKey {
    case version, device, ceilings, samples, timings, skipped, checks, soak, passed
    case largestDifference = "largest_difference"
  }
}
