import ALS
import ALSTestSupport
import Testing

/// Expected values are those of Spark itself: Tests/Fixtures/spark/make.py, and its XORShiftRandom called from Python.
struct SparkStartTests {
  /// (rank, blocks, seed) → ids and factors.
  private static func starts() throws -> [[Int64]: [(id: Int32, factors: [Float])]] {
    var starts: [[Int64]: [(id: Int32, factors: [Float])]] = [:]
    for line in try SparkFixture.table("starts.csv") {
      starts[line[0..<3].map { Int64($0)! }, default: []].append((Int32(line[3])!, line[4...].map { Float($0)! }))
    }
    return starts
  }

  @Test func `users start from the factors of Spark`() throws {
    let starts = try Self.starts()
    #expect(starts.count == 7)
    for (key, rows) in starts {
      let start = try SparkStart(seed: key[2], rank: Int(key[0]), blocks: Int(key[1]))
      let found = try start.factors(ids: rows.map(\.id))
      // Spark's own norms differ by such units between processors.
      for (a, b) in zip(found.values, rows.flatMap(\.factors)) { #expect((a - b).magnitude <= 3 * b.ulp, "\(key)") }
    }
  }

  @Test func `the order of the ids does not matter, and blocks do not depend on each other`() throws {
    let start = try SparkStart(seed: 42, rank: 4, blocks: 3)
    let ids: [Int32] = [0, 7, -5, 3, 9, -6, 1, 12, .min, .max]
    let all = try start.factors(ids: ids)
    let backwards = try start.factors(ids: ids.reversed())
    for row in ids.indices { #expect(Array(all[row]) == Array(backwards[ids.count - 1 - row])) }
    let first = try start.factors(ids: ids.filter { $0 % 3 == 0 })
    #expect(first.values == ids.indices.filter { ids[$0] % 3 == 0 }.flatMap { Array(all[$0]) })
  }

  @Test func `what Spark could not have is refused`() throws {
    let start = try SparkStart(seed: 1, rank: 2, blocks: 2)
    #expect(throws: ALSError.duplicateID("-3")) { try start.factors(ids: [1, -3, 2, -3]) }
    #expect(try start.factors(ids: []).rowCount == 0)
    for blocks in [0, -1, Int(Int32.max) + 1] {
      #expect(throws: ALSError.self) { try SparkStart(seed: 1, rank: 2, blocks: blocks) }
    }
    #expect(throws: ALSError.self) { try SparkStart(seed: 1, rank: 0, blocks: 2) }
  }

  @Test func `as many blocks as there are numbers cost no memory`() throws {
    let ids: [Int32] = [5, 6, -1, -2]
    let many = try SparkStart(seed: 9, rank: 3, blocks: SparkStart.maximumBlocks).factors(ids: ids)
    for row in ids.indices {
      #expect(abs(many[row].reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
    }
  }

  @Test func `training starts from it, whatever the order of the users, and users without ratings are not counted`()
    throws
  {
    let ids: [Int64] = [8, -4, 3, 100, 11]
    let ratings = CSRMatrix(rows: 5, columns: 2, [(0, 0, 5), (1, 1, 3), (2, 0, 1), (4, 1, 2)])
    let data = try TrainingData(ratings: ratings, users: IDIndex(integers: ids))
    let parameters = try ALSParameters(rank: 3, seed: .max, initialization: .spark(userBlocks: 4))
    let initial = try Factors.initial(for: data, parameters: parameters)
    let expected = try SparkStart(seed: -1, rank: 3, blocks: 4).factors(ids: [8, -4, 3, 11])
    #expect(initial.user.values == Array(expected.values[..<9]) + [0, 0, 0] + Array(expected.values[9...]))
    #expect(initial.item == FactorMatrix(zeros: 2, rank: 3))
  }

  @Test func `signs are kept where factors are to be nonnegative, as Spark keeps them`() throws {
    let ratings = CSRMatrix(rows: 20, columns: 1, (0..<20).map { ($0, 0, 1) })
    let data = try TrainingData(ratings: ratings, users: IDIndex(integers: Array(0..<20)))
    func start(_ nonnegative: Bool) throws -> Factors {
      try .initial(
        for: data,
        parameters: ALSParameters(rank: 4, nonnegative: nonnegative, initialization: .spark(userBlocks: 10)))
    }
    #expect(try start(true) == start(false))
    #expect(try start(true).user.values.contains { $0 < 0 })
  }

  @Test(arguments: ["anna", "2147483648", "-2147483649", "007", "1.0"])
  func `a user whose id Spark could not have is named`(id: String) throws {
    let ratings = CSRMatrix(rows: 3, columns: 1, [(0, 0, 1), (1, 0, 2), (2, 0, 2)])
    let parameters = try ALSParameters(rank: 2, initialization: .spark(userBlocks: 10))
    let data = try TrainingData(ratings: ratings, users: IDIndex(["-7", id, "8"]))
    #expect(throws: ALSError.noSparkStart(id: id)) { try Factors.initial(for: data, parameters: parameters) }
    #expect(throws: ALSError.noSparkStart(id: nil)) {
      try Factors.initial(for: TrainingData(ratings: ratings), parameters: parameters)
    }
  }

  @Test func `what contradicts Spark's start is refused`() throws {
    let spark = Initialization.spark(userBlocks: 10)
    for make in [
      { try ALSParameters(initialization: .spark(userBlocks: 0)) },
      { try ALSParameters(firstSide: .user, initialization: spark) },
      { try ALSParameters(initialNorm: 0.1, initialization: spark) },
    ] as [() throws -> ALSParameters] {
      #expect(throws: ALSError.self) { try make() }
    }
    let parameters = try ALSParameters(iterations: 3, initialization: spark)
    #expect(try parameters.setting([.rank: 7]).initialization == spark)
    #expect(try parameters.ending(after: 2).initialization == spark)
  }
}
