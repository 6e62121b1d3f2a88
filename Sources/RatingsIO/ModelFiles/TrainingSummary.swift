import ALS

/// What `gpuals train --json` prints: the record of a run and where its model is.
public struct TrainingSummary: Codable, Sendable, Equatable {
  /// Number of users.
  public var users: Int
  /// Number of items.
  public var items: Int
  /// Number of training ratings.
  public var ratings: Int
  /// Length of a factor vector.
  public var rank: Int
  /// Name of the device.
  public var device: String
  /// The iteration that made the factors, where early stopping kept those of another than the last.
  public var bestIteration: Int?
  /// One record for each finished iteration.
  public var iterations: [IterationRecord]
  /// Wall time of the phases.
  public var seconds: PhaseSeconds
  /// Buffers on the device at the peak, in bytes.
  public var peakDeviceBytes: Int
  /// The model directory.
  public var model: String

  enum CodingKeys: String, CodingKey {
    case users, items, ratings, rank, device, iterations, seconds, model
    case bestIteration = "best_iteration"
    case peakDeviceBytes = "peak_device_bytes"
  }

  /// The record of a model that was written to the directory `model`.
  public init(_ manifest: ModelManifest, model: String) {
    users = manifest.users
    items = manifest.items
    ratings = manifest.ratings
    rank = manifest.rank
    device = manifest.device
    bestIteration = manifest.bestIteration
    iterations = manifest.iterations
    seconds = manifest.seconds
    peakDeviceBytes = manifest.peakDeviceBytes
    self.model = model
  }

  /// The record as one JSON document with sorted keys and a newline in the end.
  public func json() throws -> String {
    String(decoding: try JSONDocument.encode(self), as: UTF8.self)
  }
}
