import ALS
import ALSOpenCL
import ALSTestSupport
import OpenCL
import Testing

/// Lists found on a device are those that the host finds by going through all items.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct OpenCLRecommenderTests {
  private static let families = KernelFamily.allCases

  private func compare(
    _ family: KernelFamily, _ factors: Factors, allowed: [Bool]? = nil, seen: [CSRMatrix] = [], count: Int,
    users: [Int]? = nil, searchedByHost: Int? = 0, largestAllocation: UInt64 = .max
  ) throws {
    let allowed = allowed ?? [Bool](repeating: true, count: factors.item.rowCount)
    let users = users ?? Array(0..<factors.user.rowCount)
    let device = try TestDevice.found.get()
    let context = try Context(device: device)
    context.setLimits(total: .max, allocation: largestAllocation)
    let recommender = try OpenCLRecommender(
      context: context, kernelFamily: family, factors: factors, allowed: allowed, seen: seen, count: count,
      mostUsers: users.count, store: .standard(for: device))
    let lists = try recommender.lists(forUsers: users[...])
    #expect(lists.count == users.count)
    for (user, list) in zip(users, lists) {
      var excluded = allowed.map { !$0 }
      for matrix in seen {
        for entry in matrix.entries(ofRow: user) { excluded[Int(matrix.columnIndices[entry])] = true }
      }
      let expected = factors.recommendations(forUser: user, count: count) { excluded[$0] }
      #expect(list == expected, "user \(user)")
    }
    if let searchedByHost { #expect(recommender.searchedByHost == searchedByHost) }
  }

  @Test(arguments: families, [1, 7, 33, 64, 128])
  func `lists agree at every rank and length`(family: KernelFamily, rank: Int) throws {
    let factors = Factors(
      user: .random(rows: 130, rank: rank, seed: 1), item: .random(rows: 333, rank: rank, seed: 2))
    let seen = CSRMatrix.random(rows: 130, columns: 333, density: 0.1)
    for count in [1, 10, 100] {
      // At rank 1 many scores are near each other: how many the host decides is left open.
      try compare(family, factors, seen: [seen], count: count, searchedByHost: rank == 1 ? nil : 0)
    }
  }

  @Test(arguments: families)
  func `a long list agrees`(family: KernelFamily) throws {
    let factors = Factors(user: .random(rows: 9, rank: 12, seed: 1), item: .random(rows: 4000, rank: 12, seed: 2))
    try compare(family, factors, count: OpenCLRecommender.mostCount, searchedByHost: nil)
  }

  @Test(arguments: families)
  func `users who have seen all, nearly all or nothing get what is left`(family: KernelFamily) throws {
    let items = 100
    let factors = Factors(user: .random(rows: 60, rank: 5, seed: 3), item: .random(rows: items, rank: 5, seed: 4))
    let all = (0..<items).map { (0, $0, Float(1)) }
    let nearlyAll = (0..<items).filter { $0 % 33 != 7 }.map { (1, $0, Float(1)) }
    try compare(family, factors, seen: [CSRMatrix(rows: 60, columns: items, all + nearlyAll)], count: 10)
  }

  @Test(arguments: families)
  func `what is excluded and what is not allowed stays out, and repeated users are answered each time`(
    family: KernelFamily
  ) throws {
    let factors = Factors(user: .random(rows: 80, rank: 9, seed: 5), item: .random(rows: 250, rank: 9, seed: 6))
    let seen = (1...2).map { CSRMatrix.random(rows: 80, columns: 250, density: 0.3, seed: $0) }
    try compare(
      family, factors, allowed: (0..<250).map { $0 % 3 != 0 }, seen: seen, count: 10, users: [79, 3, 3, 0, 41])
  }

  @Test(arguments: families, [0, 1, 5, 15, 16, 17])
  func `few candidates make short lists`(family: KernelFamily, candidates: Int) throws {
    let factors = Factors(user: .random(rows: 50, rank: 4, seed: 7), item: .random(rows: 90, rank: 4, seed: 8))
    try compare(family, factors, allowed: (0..<90).map { $0 % 5 == 0 && $0 / 5 < candidates }, count: 20)
  }

  @Test(arguments: families)
  func `ties are broken by the order of the items`(family: KernelFamily) throws {
    // Small whole numbers: scores are exact, and most are equal to many others.
    func small(_ rows: Int, _ seed: UInt64) -> FactorMatrix {
      FactorMatrix(
        rank: 3, values: FactorMatrix.random(rows: rows, rank: 3, seed: seed).values.map { ($0 * 2).rounded() })
    }
    let factors = Factors(user: small(70, 9), item: small(500, 10))
    try compare(
      family, factors, seen: [.random(rows: 70, columns: 500, density: 0.2)], count: 10, searchedByHost: nil)
  }

  @Test(arguments: families)
  func `users of zeros get the first items`(family: KernelFamily) throws {
    let factors = Factors(user: FactorMatrix(zeros: 5, rank: 6), item: .random(rows: 100, rank: 6, seed: 11))
    try compare(family, factors, count: 10, searchedByHost: nil)
  }

  @Test(arguments: families)
  func `scores beyond the range of 32 bits are ordered as the host orders them`(family: KernelFamily) throws {
    var values = FactorMatrix.random(rows: 60, rank: 4, seed: 12).values
    for index in stride(from: 0, to: values.count, by: 7) { values[index] *= 1e30 }
    values[8] = .nan
    values[40] = .infinity
    let items = FactorMatrix(rank: 4, values: values)
    let users = FactorMatrix(rank: 4, values: FactorMatrix.random(rows: 30, rank: 4, seed: 13).values.map { $0 * 1e20 })
    try compare(family, Factors(user: users, item: items), count: 10, searchedByHost: nil)
  }

  @Test(arguments: families)
  func `norms of very different size agree`(family: KernelFamily) throws {
    // As in a model of implicit feedback: most items cannot gain, and the search ends early.
    let items = FactorMatrix.random(rows: 2000, rank: 16, seed: 14)
    let scaled = FactorMatrix(
      rank: 16, values: items.values.indices.map { items.values[$0] / Float(1 + $0 / 16 * 37 % 2000) })
    try compare(family, Factors(user: .random(rows: 100, rank: 16, seed: 15), item: scaled), count: 10)
  }

  @Test(arguments: families, [UInt64(64_000), 33_000])
  func `items in several buffers agree`(family: KernelFamily, largestAllocation: UInt64) throws {
    // 1,777 items of 64 bytes each.
    let items = FactorMatrix.random(rows: 1777, rank: 16, seed: 16)
    let seen = CSRMatrix.random(rows: 100, columns: 1777, density: 0.02)
    try compare(
      family, Factors(user: .random(rows: 100, rank: 16, seed: 17), item: items), seen: [seen], count: 10,
      largestAllocation: largestAllocation)
  }

  @Test(arguments: families)
  func `Swift and OpenCL agree about the arguments of the kernel`(family: KernelFamily) throws {
    let factors = Factors(user: .random(rows: 5, rank: 4, seed: 1), item: .random(rows: 5, rank: 4, seed: 2))
    let recommender = try OpenCLRecommender(
      context: Context(device: TestDevice.found.get()), kernelFamily: family, factors: factors,
      allowed: [true, true, true, true, true], seen: [], count: 2, mostUsers: 5,
      extraBuildOptions: "-cl-kernel-arg-info")
    try recommender.checkKernelSignatures()
  }
}
