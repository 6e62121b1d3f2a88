import ALS
import ALSOpenCL
import ALSTestSupport
import Testing

struct ChunkPlanTests {
  /// Rows of 0, 1, 8, 9 and 40 ratings.
  private static let matrix = CSRMatrix(
    rows: 5, columns: 40,
    [0, 1, 8, 9, 40].enumerated().flatMap { row, length in (0..<length).map { (row, $0, Float(1)) } })

  private func plan(_ shortestChunk: Int, mostSlots: Int) -> ChunkPlan {
    ChunkPlan(Self.matrix, rows: [4, 3, 2, 1, 0], shortestChunk: shortestChunk, mostSlots: mostSlots)
  }

  @Test func `rows up to the length of a chunk stay whole`() {
    let plan = plan(8, mostSlots: 100)
    #expect(plan.chunkLength == 8)
    #expect(plan.chunks.filter { $0.w == 0 } == [SIMD4(2, 0, 8, 0), SIMD4(1, 0, 1, 0), SIMD4(0, 0, 0, 0)])
    #expect(plan.longRows == [SIMD4(4, 0, 5, 0), SIMD4(3, 5, 2, 0)])
    #expect(plan.slotCount == 7)
  }

  @Test func `the parts of a long row are about as long and have a slot each`() {
    let plan = plan(8, mostSlots: 100)
    #expect(plan.chunks.prefix(7).map(\.w) == [1, 2, 3, 4, 5, 6, 7])
    #expect(plan.chunks.filter { $0.x == 4 }.map(\.y) == [0, 8, 16, 24, 32])
    #expect(plan.chunks.filter { $0.x == 3 }.map(\.z) == [4, 5])
  }

  @Test func `chunks grow until the parts are few enough`() {
    let plan = plan(8, mostSlots: 4)
    #expect(plan.chunkLength == 16)
    #expect(plan.longRows == [SIMD4(4, 0, 3, 0)])
    #expect(self.plan(8, mostSlots: 0).longRows.isEmpty)
  }

  @Test func `slices use the slots again, and a row is in one slice`() {
    let plan = RowSlices(Self.matrix, rows: [4, 3, 2, 1, 0], shortestChunk: 8, mostSlots: 6)
    #expect(plan.rows.map(\.x) == [4, 3, 2, 1, 0])
    #expect(plan.rows.map(\.z) == [5, 2, 1, 1, 1])
    #expect(plan.rows.map(\.y) == [0, 0, 2, 3, 4])
    #expect(plan.slices.map(\.rows) == [0..<1, 1..<5])
    #expect(plan.slices.map(\.chunks) == [0..<5, 5..<10])
    #expect(plan.slotCount == 5)
  }

  @Test func `a row that has more parts than there are slots gets longer parts`() {
    let plan = RowSlices(Self.matrix, rows: [4, 3], shortestChunk: 8, mostSlots: 2)
    #expect(plan.rows.map(\.z) == [2, 2])
    #expect(plan.chunks.map(\.z) == [20, 20, 4, 5])
    #expect(plan.slices.count == 2)
  }
}
