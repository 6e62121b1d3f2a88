import ALS
import ALSOpenCL
import ALSTestSupport
import Testing

struct ChunkPlanTests {
  /// Rows of 0, 1, 8, 9 and 40 ratings.
  private static let matrix = CSRMatrix(
    rows: 5, columns: 40,
    [0, 1, 8, 9, 40].enumerated().flatMap { row, length in (0..<length).map { (row, $0, Float(1)) } })

  @Test func `rows up to the length of a chunk stay whole`() {
    let plan = ChunkPlan(Self.matrix, shortestChunk: 8, mostSlots: 100)
    #expect(plan.chunkLength == 8)
    #expect(plan.chunks.filter { $0.z == 0 }.map(\.x) == [2, 1, 0])
    #expect(plan.longRows == [SIMD4(4, 0, 5, 0), SIMD4(3, 5, 2, 0)])
    #expect(plan.slotCount == 7)
  }

  @Test func `every part of a long row has a slot of its own`() {
    let plan = ChunkPlan(Self.matrix, shortestChunk: 8, mostSlots: 100)
    #expect(plan.chunks.filter { $0.z > 0 }.map(\.z) == [1, 2, 3, 4, 5, 6, 7])
    #expect(plan.chunks.filter { $0.x == 4 }.map(\.y) == [0, 1, 2, 3, 4])
  }

  @Test func `chunks grow until the parts are few enough`() {
    let plan = ChunkPlan(Self.matrix, shortestChunk: 8, mostSlots: 4)
    #expect(plan.chunkLength == 16)
    #expect(plan.longRows == [SIMD4(4, 0, 3, 0)])
    #expect(ChunkPlan(Self.matrix, shortestChunk: 8, mostSlots: 0).longRows.isEmpty)
  }
}
