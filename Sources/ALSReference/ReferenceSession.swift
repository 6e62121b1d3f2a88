import ALS
import Synchronization

/// Half-steps and errors on the host. Factors are kept in 32 bits, as every backend keeps them; all sums are in 64.
final class ReferenceSession: TrainingSession {
  private let data: TrainingData
  private let parameters: ALSParameters
  private let regularization: [Side: [Float]]
  private var factors: Factors

  let peakDeviceBytes = 0

  init(data: TrainingData, parameters: ALSParameters, factors: Factors) {
    self.data = data
    self.parameters = parameters
    self.factors = factors
    regularization = Dictionary(
      uniqueKeysWithValues: Side.allCases.map { ($0, data.regularization(of: $0, parameters: parameters)) })
  }

  func factors(of side: Side) -> FactorMatrix { factors[side] }

  func biases(of side: Side) -> [Float]? { factors.biases?[side] }

  func update(_ side: Side, gramian: FactorMatrix?) throws {
    let ratings = data[side]
    let fixed = parameters.precision == .float16 ? factors[side.other].roundedToFloat16() : factors[side.other]
    let present = factors[side]
    let solver = parameters.solver
    let isNonnegative = parameters.nonnegative
    let feedback = parameters.feedback
    let rank = parameters.rank
    let unknowns = parameters.unknowns
    let offsets = factors.biases.map { (mean: $0.mean, ofColumns: $0[side.other]) }
    let presentBiases = factors.biases?[side]
    let lambda = regularization[side] ?? []
    let gramian =
      feedback.isImplicit
      ? gramian.map(SymmetricMatrix.init(lowerTriangleOf:)) ?? SymmetricMatrix(gramianOf: fixed) : nil
    let firstSingular = Mutex<Int?>(nil)
    let firstOverflow = Mutex<Int?>(nil)

    let values = [Float](unsafeUninitializedCapacity: ratings.rowCount * unknowns) { buffer, initializedCount in
      nonisolated(unsafe) let out = buffer
      Parallel.performRanges(ratings.rowCount, grain: 64) { range in
        for row in range {
          let equations = NormalEquations(
            row: row, of: ratings, fixed: fixed, feedback: feedback, regularization: lambda[row], gramian: gramian,
            biases: offsets)
          let solution =
            switch solver {
            case .cholesky: isNonnegative ? equations.nonnegativeSolution(boundedCount: rank) : equations.solution()
            case .conjugateGradient(let steps):
              equations.conjugateGradient(
                from: present[row].map(Double.init) + (presentBiases.map { [Double($0[row])] } ?? []), steps: steps)
            }
          if solution == nil { Self.keepLowest(row, in: firstSingular) }
          for k in 0..<unknowns {
            let value = Float(solution?[k] ?? 0)
            if !value.isFinite { Self.keepLowest(row, in: firstOverflow) }
            out[row * unknowns + k] = value
          }
        }
      }
      initializedCount = ratings.rowCount * unknowns
    }
    if let row = firstOverflow.withLock({ $0 }) { throw ALSError.overflow(side: side, row: row, id: nil) }
    if let row = firstSingular.withLock({ $0 }) { throw ALSError.singularSystem(side: side, row: row, id: nil) }

    keep(FactorMatrix(rank: unknowns, values: values), side)
  }

  /// Takes the solution of a side apart into factors and biases.
  private func keep(_ solved: FactorMatrix, _ side: Side) {
    var solved = solved
    if parameters.biases {
      let biases = (0..<solved.rowCount).map { solved.values[($0 + 1) * solved.rank - 1] }
      if side == .user { factors.biases?.user = biases } else { factors.biases?.item = biases }
      solved = FactorMatrix(
        rank: parameters.rank, values: (0..<solved.rowCount).flatMap { solved[$0].dropLast() })
    }
    if side == .user { factors.user = solved } else { factors.item = solved }
  }

  func loss() -> Loss {
    var penalty = 0.0
    for side in Side.allCases {
      let matrix = factors[side]
      let lambda = regularization[side] ?? []
      for row in 0..<matrix.rowCount {
        let bias = Double(factors.biases?[side][row] ?? 0)
        penalty += Double(lambda[row]) * matrix[row].reduce(bias * bias) { $0 + Double($1) * Double($1) }
      }
    }
    return Loss(error: error(), regularization: penalty)
  }

  func heldOutSquaredError() -> Double {
    data.heldOut.map { sum(over: $0) { target, score, _ in (target - score) * (target - score) } } ?? 0
  }

  /// Explicit: Σ (r − xᵀy)². Implicit: Σ over all pairs of c (p − s)², as Σ_u xᵀ(YᵀY)x, which is Σ s² over all pairs, with the
  /// s² of each rating replaced.
  private func error() -> Double {
    guard parameters.feedback.isImplicit else {
      return sum(over: data.byUser) { target, score, _ in (target - score) * (target - score) }
    }
    let gramian = SymmetricMatrix(gramianOf: factors.item)
    let feedback = parameters.feedback
    var total = 0.0
    for row in 0..<factors.user.rowCount { total += gramian.quadraticForm(factors.user[row].map(Double.init)) }
    return total
      + sum(over: data.byUser) { target, score, rating in
        let difference = target - score
        return (1 + feedback.gramianWeight(of: rating)) * difference * difference - score * score
      }
  }

  private func sum(over ratings: CSRMatrix, _ term: (_ target: Double, _ score: Double, _ rating: Double) -> Double)
    -> Double
  {
    var total = 0.0
    let rank = parameters.rank
    for row in 0..<ratings.rowCount {
      for entry in ratings.entries(ofRow: row) {
        let column = Int(ratings.columnIndices[entry])
        var score = factors.biases.map { Double($0.mean) + Double($0.user[row]) + Double($0.item[column]) } ?? 0
        for k in 0..<rank {
          score += Double(factors.user.values[row * rank + k]) * Double(factors.item.values[column * rank + k])
        }
        let rating = ratings.values[entry]
        total += term(Double(parameters.feedback.target(of: rating)), score, Double(rating))
      }
    }
    return total
  }

  private static func keepLowest(_ row: Int, in lowest: borrowing Mutex<Int?>) {
    lowest.withLock { $0 = min($0 ?? row, row) }
  }
}
