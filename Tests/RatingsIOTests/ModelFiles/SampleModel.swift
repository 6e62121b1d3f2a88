import ALS
import RatingsIO

/// A tiny model with awkward ids and names.
func sampleModel(
  seed: UInt64 = 1, feedback: Feedback = .explicit, names: [String?]? = ["Älpha, \"Ω\"", nil, "two\nlines", "plain"]
) throws -> Model {
  let rank = 3
  let random = Philox(seed: seed)
  func factors(_ rows: Int, stream: UInt64) -> FactorMatrix {
    FactorMatrix(
      rank: rank,
      values: (0..<rows * rank).map { Float(random.block(UInt64($0), stream: stream)[0] >> 8) / 1_000_000 - 8 })
  }
  let ratings = CSRMatrix(
    columnCount: 4, rowOffsets: [0, 2, 2, 3, 5, 7], columnIndices: [0, 2, 1, 0, 3, 1, 2],
    values: [1, 2.5, -3, 100, 0, 4, 5])
  return Model(
    parameters: try ALSParameters(rank: rank, iterations: 2, regularization: 0.25, feedback: feedback, seed: .max),
    users: try IDIndex(integers: [-5, 1, 7, 1_000_125, .max]),
    items: try IDIndex(["a", "b,c", "007", "\"ü\""]),
    state: TrainingState(
      history: [
        IterationRecord(iteration: 1, seconds: 0.5, trainRMSE: 1.25, loss: nil, testRMSE: 1.5),
        IterationRecord(iteration: 2, seconds: 0.25, trainRMSE: .nan, loss: nil, testRMSE: nil),
      ],
      factors: Factors(user: factors(5, stream: 0), item: factors(4, stream: 1))),
    itemNames: names, ratings: ratings, ratingCount: ratings.entryCount, ratingsFingerprint: ratings.fingerprint,
    device: "a \"device\"")
}

extension ModelDirectory {
  /// Saves with the ratings and times that do not change.
  func save(_ model: Model, keepsRatings: Bool = true) throws {
    try save(
      model, seconds: PhaseSeconds(read: 1, build: 2, train: 3, write: .infinity), peakDeviceBytes: 12,
      keepsRatings: keepsRatings)
  }
}

/// The error that `body` throws, if it is one of model files.
func modelFileError(_ body: () throws -> Void) -> ModelFileError? {
  do {
    try body()
    return nil
  } catch {
    return error as? ModelFileError
  }
}
