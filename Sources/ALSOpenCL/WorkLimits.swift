/// How much a half-step does at a time. The defaults suit devices; small ones let tests reach every path with little data.
package struct WorkLimits: Hashable, Sendable {
  /// Ratings of a part of a long row at least: below this, adding up the parts costs more than it gains.
  package var shortestChunk = 1024
  /// Memory for the parts of long rows and for matrices, at most, beside the budget of the memory plan.
  package var scratchBytes = Int.max
  /// Work-items of a work-group at most, beside the device's limit.
  package var largestGroup = Int.max
  /// Rows that the dual form is compiled for at least: a kernel takes a second to compile.
  package var fewestDualRows = 512

  /// What the dual form must save in implicit training, as a multiple of the eigenvectors and rotation that it needs.
  package var leastRotationGain = 1.0

  package init() {}

  /// How many results of `floats` floats the scratch memory may hold, at least one.
  func scratchCount(of floats: Int, budget: Int) -> Int {
    max(1, min(budget, scratchBytes) / (floats * MemoryLayout<Float>.size))
  }
}
