import ALS
import ALSOpenCL
import ALSTestSupport
import Testing

/// Plans are made for the test device's kernels, with limits of the tests' own.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct MemoryPlanTests {
  /// 120,000 ratings or so: 960 kB in each orientation.
  private static let data = Result {
    let split = CSRMatrix.random(rows: 2000, columns: 600, density: 0.1).holdingOut(fraction: 0.1, seed: 3)
    return try TrainingData(ratings: split.training, heldOut: split.heldOut)
  }

  private func limits(
    _ total: UInt64, allocation: UInt64 = 1 << 30, alignment: Int = 128, sharesRatings: Bool = false
  ) -> MemoryLimits {
    MemoryLimits(
      totalBytes: total, isCap: true, allocationBytes: allocation, partAlignmentBytes: alignment,
      sharesRatings: sharesRatings)
  }

  private func plan(_ limits: MemoryLimits, rank: Int = 16, family: KernelFamily = .cpu) throws -> MemoryPlan {
    try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family)
      .memoryPlan(for: Self.data.get(), parameters: ALSParameters(rank: rank), limits: limits)
  }

  /// The least memory that is said to do.
  private func least(_ allocation: UInt64 = 1 << 30) throws -> UInt64 {
    let error = #expect(throws: DeviceMemoryError.self) { try plan(limits(1000, allocation: allocation)) }
    guard case .tooLittle(let needed, _, 1000, true, 16, _) = error else { return 0 }
    return needed
  }

  @Test(arguments: [128, 512, 4096])
  func `blocks cover the rows in order and start where factors may be parted`(alignment: Int) throws {
    let data = try Self.data.get()
    let plan = try plan(limits(1_500_000, alignment: alignment))
    for (matrix, rowCount) in [(RatingMatrix.byUser, 2000), (.byItem, 600), (.heldOut, 2000)] {
      let blocks = try #require(plan.blocks[matrix])
      #expect(blocks.count > 1 || matrix == .heldOut)
      #expect(blocks.first?.rows.lowerBound == 0 && blocks.last?.rows.upperBound == rowCount)
      for (block, next) in zip(blocks, blocks.dropFirst()) { #expect(block.rows.upperBound == next.rows.lowerBound) }
      #expect(blocks.allSatisfy { $0.rows.lowerBound * 16 * 4 % alignment == 0 })
    }
    #expect(plan.blocks[.byUser]?.reduce(0) { $0 + $1.entryCount } == data.byUser.entryCount)
  }

  @Test func `everything is resident, in one block each, where there is room`() throws {
    let plan = try plan(limits(1 << 30))
    #expect(plan.blocks.values.allSatisfy { $0.count == 1 && $0[0].placement == .resident })
    #expect(plan.slotEntries == 0 && plan.streamedBytesPerIteration == 0)
  }

  @Test func `shared ratings take no memory`() throws {
    let plan = try plan(limits(400_000, sharesRatings: true))
    #expect(plan.blocks.values.allSatisfy { $0.count == 1 && $0[0].placement == .shared })
    #expect(plan.peakBytes < 400_000)
  }

  @Test func `what fits stays, and the rest is streamed`() throws {
    let everything = try UInt64(plan(limits(1 << 30)).peakBytes)
    var streamed: [Int] = []
    for total in stride(from: try least(), through: everything, by: 50_000) {
      let plan = try plan(limits(total))
      #expect(plan.peakBytes <= total)
      streamed.append(plan.streamedBytesPerIteration)
    }
    let last = try #require(streamed.last)
    let first = try #require(streamed.first)
    #expect(last < first / 2, "\(streamed)")
    #expect(try plan(limits(everything)).streamedBytesPerIteration == 0)
    #expect(try plan(limits(everything - 1)).streamedBytesPerIteration > 0)
  }

  @Test func `the memory that is said to be needed is enough, and a byte less is not`() throws {
    let needed = try least()
    #expect(try plan(limits(needed)).peakBytes <= needed)
    #expect(throws: DeviceMemoryError.self) { try plan(limits(needed - 1)) }
  }

  @Test func `no buffer is larger than the device allows`() throws {
    for total: UInt64 in [1 << 30, 2_000_000] {
      let plan = try plan(limits(total, allocation: 150_000))
      #expect(plan.items.allSatisfy { $0.largestBytes <= 150_000 })
      #expect(plan.blocks.values.joined().allSatisfy { $0.entryCount * 4 <= 150_000 })
    }
  }

  /// 2,000 users take 128,000 bytes at rank 16, 600 items 38,400; parts start at multiples of 2 rows.
  @Test(
    arguments: [
      (UInt64(128_000), 2000, 1, 1), (127_999, 1000, 2, 1), (64_000, 1000, 2, 1), (63_999, 668, 3, 1),
      (38_399, 500, 4, 2), (32_000, 500, 4, 2),
    ])
  func `factors are in as few buffers as the largest allows`(
    problem: (allocation: UInt64, rows: Int, users: Int, items: Int)
  ) throws {
    let plan = try plan(limits(1 << 30, allocation: problem.allocation))
    #expect(plan.userSegments.count == problem.users && plan.itemSegments.count == problem.items)
    #expect(plan.userSegments.rowsPerSegment == problem.rows)
    #expect(plan.items.allSatisfy { $0.largestBytes <= problem.allocation })
    let factors = try #require(plan.items.first { $0.name == "the user factors" })
    #expect(factors.bytes == 128_000 && factors.largestBytes == problem.rows * 64)
  }

  @Test func `no block has rows of two segments`() throws {
    let plan = try plan(limits(1 << 30, allocation: 33_000))
    for (matrix, segments) in [
      (RatingMatrix.byUser, plan.userSegments), (.byItem, plan.itemSegments), (.heldOut, plan.userSegments),
    ] {
      let blocks = try #require(plan.blocks[matrix])
      for boundary in stride(from: segments.rowsPerSegment, to: segments.rowCount, by: segments.rowsPerSegment) {
        #expect(blocks.contains { $0.rows.lowerBound == boundary }, "\(matrix.description) at \(boundary)")
      }
    }
  }

  @Test(arguments: [UInt64(31_999), 100])
  func `factors that need a fifth buffer are refused`(allocation: UInt64) throws {
    let error = #expect(throws: DeviceMemoryError.self) { try plan(limits(1 << 30, allocation: allocation)) }
    guard case .factorsTooLarge(side: .user, bytes: 128_000, limit: allocation, rank: 16, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a row that fits no buffer is refused by number`() throws {
    // The factors of as many users would not fit either, but a pair may stand more than once.
    let row = CSRMatrix(rows: 40, columns: 40, (0..<9000).map { _ in (20, 7, 1) } + [(0, 1, 1), (1, 30, 1)])
    let data = try TrainingData(ratings: row)
    let backend = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: .cpu)
    let error = #expect(throws: DeviceMemoryError.self) {
      try backend.memoryPlan(
        for: data, parameters: ALSParameters(rank: 1), limits: limits(1 << 30, allocation: 32_000))
    }
    guard case .rowTooLong(what: "the ratings by user", row: 20, ratings: 9000, limit: 32_000, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
