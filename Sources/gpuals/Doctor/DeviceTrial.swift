import ALS
import ALSReference

/// A small problem, solved on a backend and by the reference, and how far the two are apart.
struct DeviceTrial {
  /// The ratings: 96 users × 64 items, about a quarter of the pairs, from 1 to 5.
  private let data: TrainingData

  /// Above this relative error a device does not compute what it should: 32-bit arithmetic stays far below.
  static let tolerance = 1e-3

  init() throws(ALSError) {
    let users = 96
    let items = 64
    let philox = Philox(seed: 20_170_504)
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for user in 0..<users {
      for item in 0..<items {
        let words = philox.block(UInt64(item), stream: UInt64(user))
        guard words[0] % 4 == 0 else { continue }
        columns.append(Int32(item))
        values.append(Float(words[1] % 5 + 1))
      }
      offsets.append(columns.count)
    }
    data = try TrainingData(
      ratings: CSRMatrix(columnCount: items, rowOffsets: offsets, columnIndices: columns, values: values))
  }

  /// ‖device − reference‖ / ‖reference‖, the larger of both sides, after two iterations.
  func relativeError(of backend: any Backend, feedback: Feedback) throws -> Double {
    let parameters = try ALSParameters(rank: 8, iterations: 2, feedback: feedback)
    let found = try Trainer(backend: backend, parameters: parameters).train(data).state.factors
    let expected = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(data).state.factors
    return Side.allCases.map { Self.distance(found[$0], expected[$0]) }.max() ?? 0
  }

  private static func distance(_ found: FactorMatrix, _ expected: FactorMatrix) -> Double {
    var difference = 0.0
    var norm = 0.0
    for (a, b) in zip(found.values, expected.values) {
      difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
      norm += Double(b) * Double(b)
    }
    return (difference / max(norm, .leastNormalMagnitude)).squareRoot()
  }
}
