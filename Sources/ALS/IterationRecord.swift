/// What one iteration reached. Encoded into a model's record and the JSON of `train` under these keys.
public struct IterationRecord: Sendable, Equatable, Codable {
  /// Counted from 1.
  public var iteration: Int
  /// Wall time of both half-steps, without the computation of the errors.
  public var seconds: Double
  /// Explicit training: √(Σ (r − xᵀy)² / number of ratings).
  public var trainRMSE: Double?
  /// Implicit training: the whole objective, regularization included.
  public var loss: Double?
  /// Root mean squared error over the held-out ratings, where there are any. In implicit training the target of a rating
  /// is its preference, 0 or 1.
  public var testRMSE: Double?

  enum CodingKeys: String, CodingKey {
    case iteration, seconds, loss
    case trainRMSE = "train_rmse"
    case testRMSE = "test_rmse"
  }

  /// Gives all values.
  public init(iteration: Int, seconds: Double, trainRMSE: Double?, loss: Double?, testRMSE: Double?) {
    self.iteration = iteration
    self.seconds = seconds
    self.trainRMSE = trainRMSE
    self.loss = loss
    self.testRMSE = testRMSE
  }
}
