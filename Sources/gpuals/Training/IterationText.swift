import ALS

/// The errors of an iteration in words.
enum IterationText {
  /// "train RMSE 0.8123, test RMSE 0.9311"; `nil` without any.
  static func errors(of record: IterationRecord) -> String? {
    let parts = [
      record.trainRMSE.map { "train RMSE \(Quantity.measure($0))" },
      record.loss.map { "loss \(Quantity.measure($0))" },
      record.testRMSE.map { "test RMSE \(Quantity.measure($0))" },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
