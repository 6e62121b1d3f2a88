import ALS

/// A small problem with an awkward side, solved by a backend and by the reference.
struct CheckProblem: Sendable {
  /// What it is called in the table.
  let name: String
  private let data: TrainingData
  /// The half-steps to take, in order.
  private let steps: [Side]

  /// All problems.
  static func all() throws(ALSError) -> [CheckProblem] { [try mixedRows(), try longRows()] }

  /// 160 users × 120 items; a user has rated none, few, many or nearly all of them. Two iterations.
  private static func mixedRows() throws(ALSError) -> CheckProblem {
    let philox = Philox(seed: 20_170_504)
    let ratings = matrix(users: 160, items: 120) { user, item in
      let words = philox.block(UInt64(item), stream: UInt64(user))
      // Every ninth user has no rating at all, the others have up to 8 in 9 of the items.
      return Int(words[0] % 9) < user % 9 ? Float(words[1] % 5 + 1) : nil
    }
    return CheckProblem(
      name: "rows of any length", data: try TrainingData(ratings: ratings), steps: [.item, .user, .item, .user])
  }

  /// 6,000 users × 3 items, two of which everybody rated: rows longer than any work-group takes at a time. Items only.
  private static func longRows() throws(ALSError) -> CheckProblem {
    let philox = Philox(seed: 3)
    let ratings = matrix(users: 6_000, items: 3) { user, item in
      let words = philox.block(UInt64(item), stream: UInt64(user))
      return item < 2 || words[0] % 100 == 0 ? Float(words[1] % 5 + 1) : nil
    }
    return CheckProblem(name: "rows of 6,000", data: try TrainingData(ratings: ratings), steps: [.item])
  }

  private static func matrix(users: Int, items: Int, _ rating: (_ user: Int, _ item: Int) -> Float?) -> CSRMatrix {
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for user in 0..<users {
      for item in 0..<items {
        guard let rating = rating(user, item) else { continue }
        columns.append(Int32(item))
        values.append(rating)
      }
      offsets.append(columns.count)
    }
    return CSRMatrix(columnCount: items, rowOffsets: offsets, columnIndices: columns, values: values)
  }

  /// Number of iterations that the steps make up.
  var iterations: Int { (steps.count + 1) / 2 }

  /// The factors of the sides that were solved.
  func solve(on backend: any Backend, _ parameters: ALSParameters) throws -> [Side: FactorMatrix] {
    let session = try backend.makeSession(
      data: data, parameters: parameters, initial: .initial(for: data, parameters: parameters))
    for side in steps { try session.update(side) }
    return try Dictionary(uniqueKeysWithValues: Set(steps).map { ($0, try session.factors(of: $0)) })
  }

  /// ‖found − expected‖ / ‖expected‖ (Frobenius), the largest over the sides; NaN if a number is missing.
  static func relativeDifference(_ found: [Side: FactorMatrix], _ expected: [Side: FactorMatrix]) -> Double {
    var largest = 0.0
    for (side, expected) in expected {
      guard let found = found[side], found.values.count == expected.values.count else { return .nan }
      var difference = 0.0
      var norm = 0.0
      for (a, b) in zip(found.values, expected.values) {
        difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
        norm += Double(b) * Double(b)
      }
      let relative = (difference / max(norm, .leastNormalMagnitude)).squareRoot()
      if relative.isNaN { return .nan }
      largest = max(largest, relative)
    }
    return largest
  }
}
