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

extension Model {
  /// As if a user and an item had come, and others changed, since it was trained.
  func updated() -> Model {
    var model = self
    model.updates = UpdateRecord(trained: 5, batches: 1, changes: 3)
    model.baseline = Baseline(
      userCount: 4, itemCount: 3,
      users: Baseline.Rows(
        rows: [0, 3], factors: FactorMatrix(rank: 3, values: [1, 2, 3, -4, 5, 6]),
        biases: parameters.biases ? [0.5, 0.25] : nil),
      items: Baseline.Rows(
        rows: [2], factors: FactorMatrix(rank: 3, values: [7, 8, 9]), biases: parameters.biases ? [1] : nil),
      ratings: CSRMatrix(columnCount: 3, rowOffsets: [0, 1, 1, 1, 3], columnIndices: [2, 0, 2], values: [.nan, 5, 2]))
    model.appliedFiles = [
      AppliedFile(file: "s3://bucket/a \"b\"", version: "1f", rows: 3),
      AppliedFile(file: "/x\n/ü.csv", version: "12-34", rows: 0),
    ]
    return model
  }
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
