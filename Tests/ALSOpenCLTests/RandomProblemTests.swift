import ALS
import ALSReference
import ALSTestSupport
import Testing

/// Random matrices through all solvers and their options: each half-step of a device against the reference's, from the same factors.
///
/// Some of these problems are ill-conditioned: factors may then differ in directions that hardly matter. What a row is solved for is
/// the least of ½ xᵀAx − bᵀx, and by that it is judged, in 64-bit arithmetic.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct RandomProblemTests {
  /// Drawn from the words of a counter-based generator, so that a seed names a problem for good.
  struct Problem: CustomStringConvertible {
    let ratings: CSRMatrix
    let parameters: ALSParameters
    let description: String

    init(seed: UInt64) throws {
      let philox = Philox(seed: seed)
      var drawn: UInt64 = 0
      func draw(_ count: Int) -> Int {
        drawn += 1
        return Int(philox.block(drawn, stream: 77)[0] % UInt32(count))
      }
      func choose<Value>(_ values: [Value]) -> Value { values[draw(values.count)] }
      let isImplicit = draw(2) == 0
      let values: [Float] = choose([
        [1, 2, 3, 4, 5], [1], [0, 50, 90, 100], isImplicit ? [-2, -1, 0, 1, 3] : [-3, -1, 2, 4],
      ])
      let plain = CSRMatrix.random(
        rows: 3 + draw(200), columns: 3 + draw(150), density: choose([0.01, 0.05, 0.2, 0.5]), values: values + [1],
        seed: seed)
      // Now and then every rating stands twice, as `--duplicates keep` has it.
      let matrix =
        draw(4) == 0
        ? CSRMatrix(
          columnCount: plain.columnCount, rowOffsets: plain.rowOffsets.map { 2 * $0 },
          columnIndices: plain.columnIndices.flatMap { [$0, $0] }, values: plain.values.flatMap { [$0, $0] }) : plain
      ratings =
        matrix.entryCount > 0 ? matrix : CSRMatrix(rows: matrix.rowCount, columns: matrix.columnCount, [(0, 0, 1)])
      let steps = draw(3) == 0 ? 1 + draw(5) : 0
      parameters = try ALSParameters(
        rank: 1 + draw(80), regularization: choose([0.1, 1, 10]), regularizationExponent: choose([0, 0.5, 1]),
        feedback: isImplicit ? .implicit(alpha: choose([0.5, 1, 40])) : .explicit, seed: seed,
        solver: steps > 0 ? .conjugateGradient(steps: steps) : .cholesky, nonnegative: steps == 0 && draw(3) == 0,
        biases: !isImplicit && draw(3) == 0, precision: choose([.float32, .float32, .float16]),
        initialNorm: choose([1, 0.1]), firstSide: choose([.item, .user]))
      description =
        "seed \(seed): \(ratings.rowCount) × \(ratings.columnCount), \(ratings.entryCount) ratings, \(parameters)"
    }
  }

  @Test(arguments: BackendUnderTest.devices, 1...40)
  func `every half-step agrees`(backend: BackendUnderTest, seed: UInt64) throws {
    let problem = try Problem(seed: seed)
    let data = try TrainingData(ratings: problem.ratings)
    var factors = try Factors.initial(for: data, parameters: problem.parameters)
    let device = try backend.make()
    // A few conjugate gradient steps carry rounding from one into the next.
    let tolerance = problem.parameters.solver == .cholesky ? 1e-4 : 1e-3
    for side in problem.parameters.sides + problem.parameters.sides {
      func solved(_ backend: any Backend) throws -> Factors {
        let session = try backend.makeSession(data: data, parameters: problem.parameters, initial: factors)
        try session.update(side)
        var biases = factors.biases
        if let user = try session.biases(of: .user), let item = try session.biases(of: .item) {
          biases?.user = user
          biases?.item = item
        }
        return Factors(user: try session.factors(of: .user), item: try session.factors(of: .item), biases: biases)
      }
      /// ½ xᵀAx − bᵀx of every row.
      func energies(of solved: Factors, _ side: Side) -> [Double] {
        let fixed =
          problem.parameters.precision == .float16 ? factors[side.other].roundedToFloat16() : factors[side.other]
        var gramian: SymmetricMatrix?
        if problem.parameters.feedback.isImplicit {
          var sum = SymmetricMatrix(order: fixed.rank)
          for row in 0..<fixed.rowCount { sum.add(weight: 1, outerProductOf: fixed[row].map(Double.init)) }
          gramian = sum
        }
        let lambda = data.regularization(of: side, parameters: problem.parameters)
        let offsets = factors.biases.map { (mean: $0.mean, ofColumns: $0[side.other]) }
        return (0..<data[side].rowCount).map { row in
          let equations = NormalEquations(
            row: row, of: data[side], fixed: fixed, feedback: problem.parameters.feedback, regularization: lambda[row],
            gramian: gramian, biases: offsets)
          let x = solved[side][row].map(Double.init) + (solved.biases.map { [Double($0[side][row])] } ?? [])
          let linear = zip(x, equations.rightSide).reduce(0.0) { $0 + $1.0 * $1.1 }
          return equations.matrix.quadraticForm(x) / 2 - linear
        }
      }
      let expected = try solved(ReferenceBackend())
      let found = try solved(device)
      let (a, b) = (energies(of: found, side), energies(of: expected, side))
      let typical = b.reduce(0.0) { $0 + abs($1) } / Double(b.count)
      for row in b.indices {
        #expect(abs(a[row] - b[row]) <= tolerance * max(abs(b[row]), 1e-2 * typical), "\(side) \(row) of \(problem)")
      }
      if problem.parameters.nonnegative { #expect(found[side].values.allSatisfy { $0 >= 0 }, "\(problem)") }
      #expect(found[side.other] == expected[side.other], "the fixed side stays")
      factors = expected
    }
  }
}
