import ALS
import OpenCL

/// Brings blocks of ratings to a device while it computes with others: two slots and a queue of their own.
final class RatingStream {
  private let transfers: CommandQueue
  private let slots: [Slot]

  private struct Slot {
    let columns: Buffer<Int32>
    let ratings: Buffer<Float>
  }

  /// - Parameter slotEntries: the most ratings of a block that will be streamed; 0 if none will.
  init(_ context: Context, slotEntries: Int) throws(OpenCLError) {
    transfers = try CommandQueue(context)
    var slots: [Slot] = []
    if slotEntries > 0 {
      for _ in 0..<2 {
        let what = "a slot for blocks of ratings"
        slots.append(
          Slot(
            columns: try Buffer(context, count: slotEntries, what: what),
            ratings: try Buffer(context, count: slotEntries, what: what)))
      }
    }
    self.slots = slots
  }

  /// Calls `enqueue` for every block in order, with its ratings on the device by the time that the commands run which it
  /// enqueues on `queue`. Those of the last blocks may still run when this returns.
  func forEachBlock(
    of ratings: DeviceRatings, on queue: CommandQueue, _ enqueue: (Int, DeviceMatrix) throws(OpenCLError) -> Void
  ) throws(OpenCLError) {
    try ratings.matrix.columnIndices.withUnsafeBufferPointer { (columns) throws(OpenCLError) in
      try ratings.matrix.values.withUnsafeBufferPointer { (values) throws(OpenCLError) in
        do throws(OpenCLError) {
          try stream(ratings.blocks, columns, values, on: queue, enqueue)
        } catch {
          // The host's memory must not go away under a transfer.
          try? transfers.finish()
          throw error
        }
        try transfers.finish()
      }
    }
  }

  private func stream(
    _ blocks: [DeviceRatings.Block], _ columns: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Float>,
    on queue: CommandQueue, _ enqueue: (Int, DeviceMatrix) throws(OpenCLError) -> Void
  ) throws(OpenCLError) {
    let streamed = blocks.indices.filter { blocks[$0].entries == nil }
    var arrivals: [Event] = []
    /// When the computation with the block that was last in a slot is done. What an earlier pass enqueued counts as well.
    let earlier: Event? = streamed.isEmpty ? nil : try queue.marker()
    var departures: [Event?] = [earlier, earlier]

    /// Enqueues the transfer of the next block, into the slot of the one before the last.
    func bringNext() throws(OpenCLError) {
      guard arrivals.count < streamed.count else { return }
      let slot = slots[arrivals.count % 2]
      if let departure = departures[arrivals.count % 2] { try transfers.enqueueWait(for: departure) }
      let part = blocks[streamed[arrivals.count]].rows.entries
      try transfers.enqueueWrite(UnsafeBufferPointer(rebasing: columns[part]), to: slot.columns)
      try transfers.enqueueWrite(UnsafeBufferPointer(rebasing: values[part]), to: slot.ratings)
      arrivals.append(try transfers.marker())
    }

    try bringNext()
    var used = 0
    for (index, block) in blocks.enumerated() {
      if let entries = block.entries {
        try enqueue(index, matrix(of: block, entries.columns, entries.ratings))
        continue
      }
      try queue.enqueueWait(for: arrivals[used])
      try enqueue(index, matrix(of: block, slots[used % 2].columns, slots[used % 2].ratings))
      departures[used % 2] = try queue.marker()
      used += 1
      // Only now: where a driver waits in the call for the other slot to be free, this block is at work meanwhile.
      try bringNext()
    }
  }

  private func matrix(of block: DeviceRatings.Block, _ columns: Buffer<Int32>, _ ratings: Buffer<Float>) -> DeviceMatrix
  {
    DeviceMatrix(rowCount: block.rows.rowCount, rowOffsets: block.rowOffsets, columns: columns, ratings: ratings)
  }
}
