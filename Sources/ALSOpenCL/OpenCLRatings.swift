import ALS
import OpenCL
import Synchronization

/// Ratings on an OpenCL device. Sessions whose plans cut a matrix into the same blocks read the same buffers.
final class OpenCLRatings: PlacedRatings {
  let data: TrainingData
  private let backend: OpenCLBackend
  /// What was uploaded last of each matrix.
  private let uploaded = Mutex<[RatingMatrix: Upload]>([:])

  private struct Upload {
    var blocks: [MemoryPlan.Block]
    var ratings: DeviceRatings
  }

  init(_ data: TrainingData, backend: OpenCLBackend) {
    self.data = data
    self.backend = backend
  }

  func makeSession(parameters: ALSParameters, initial: Factors) throws -> any TrainingSession {
    try backend.session(
      backend.memoryPlan(for: data, parameters: parameters), ratings: self, parameters: parameters, initial: initial)
  }

  func memoryDemand(_ parameters: ALSParameters) throws -> MemoryDemand? {
    let plan = try backend.memoryPlan(for: data, parameters: parameters)
    return MemoryDemand(bytes: plan.peakBytes, availableBytes: Int(clamping: plan.limits.totalBytes))
  }

  func evict() { uploaded.withLock { $0 = [:] } }

  /// A matrix in the blocks of a plan, uploaded through the queue unless it is there already; `nil` if there is no such matrix.
  func ratings(_ matrix: RatingMatrix, in plan: MemoryPlan, on queue: CommandQueue) throws(OpenCLError)
    -> DeviceRatings?
  {
    guard let ratings = data[matrix], let blocks = plan.blocks[matrix] else { return nil }
    return try uploaded.withLock { (uploaded) throws(OpenCLError) in
      if let there = uploaded[matrix], there.blocks == blocks { return there.ratings }
      // First the place, then the new one.
      uploaded[matrix] = nil
      let placed = try DeviceRatings(ratings, blocks: blocks, on: queue, what: matrix.description)
      // Another queue may read it before this one is done with what it was told.
      try queue.finish()
      uploaded[matrix] = Upload(blocks: blocks, ratings: placed)
      return placed
    }
  }
}
