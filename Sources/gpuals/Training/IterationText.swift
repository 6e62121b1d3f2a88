import ALS

/// The errors of an iteration in words.
enum IterationText {
  /// "train RMSE 0.8123, test RMSE 0.9311"; `nil` without any.
  ///
  /// - Parameter isShort: leaves out "RMSE", for lines that have little room.
  static func errors(of record: IterationRecord, isShort: Bool = false) -> String? {
    let measure = isShort ? "" : "RMSE "
    let parts = [
      record.trainRMSE.map { "train \(measure)\(Quantity.measure($0))" },
      record.loss.map { "loss \(Quantity.measure($0))" },
      record.testRMSE.map { "test \(measure)\(Quantity.measure($0))" },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
