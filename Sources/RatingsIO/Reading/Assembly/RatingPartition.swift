import Synchronization

/// The ratings of some consecutive chunks, partitioned by ranges of rows; within a range in the order of the input.
///
/// `@unchecked Sendable`: written by one worker before others read it; the memory is freed by whoever is done last.
final class RatingPartition: @unchecked Sendable {
  /// Row of each rating within its range.
  let rows: UnsafeMutablePointer<UInt16>
  /// Column of each rating.
  let columns: UnsafeMutablePointer<UInt32>
  let values: UnsafeMutablePointer<Float>
  /// Where each range starts, and the end of the last.
  let starts: [UInt32]
  /// Ratings left out since their user or item has no row.
  let unknown: Int
  private let memory: PageMemory?
  /// Ranges with ratings that are still needed.
  private let pending: Atomic<Int>

  /// Puts rows and columns in the place of the workers' numbers, moves the ratings of each range together, and frees the
  /// chunks.
  init(_ chunks: [RatingChunk], users: IDUnion, items: IDUnion, ranges: RowRanges) {
    var starts = [UInt32](repeating: 0, count: ranges.count + 1)
    var isOrdered = true
    var unknown = 0
    for chunk in chunks {
      users.resolve(chunk.users, count: chunk.count, worker: chunk.worker)
      items.resolve(chunk.items, count: chunk.count, worker: chunk.worker)
      if !users.isComplete || !items.isComplete { unknown += Self.removeUnknown(from: chunk) }
      if !Self.count(chunk, in: &starts, shift: ranges.shift) { isOrdered = false }
    }
    self.unknown = unknown
    var total: UInt32 = 0
    for range in 0...ranges.count {
      let count = starts[range]
      starts[range] = total
      total += count
    }
    self.starts = starts
    pending = Atomic(zip(starts, starts.dropFirst()).count { $0 < $1 })

    if chunks.count == 1, isOrdered {
      // Nothing has to move: rows take the place of the users' numbers, in half of their room.
      let chunk = chunks[0]
      let mask = UInt32(1) << UInt32(ranges.shift) - 1
      let users = UnsafeMutableRawPointer(chunk.users)
      for position in 0..<chunk.count {
        let row = users.load(fromByteOffset: 4 &* position, as: UInt32.self) & mask
        users.storeBytes(of: UInt16(truncatingIfNeeded: row), toByteOffset: 2 &* position, as: UInt16.self)
      }
      rows = users.bindMemory(to: UInt16.self, capacity: chunk.count)
      (columns, values) = (chunk.items, chunk.values)
      memory = chunk.takeMemory()
    } else {
      let count = Int(total)
      let memory = PageMemory(bytes: 10 * count)
      self.memory = memory
      columns = memory.start.assumingMemoryBound(to: UInt32.self)
      values = (memory.start + 4 * count).assumingMemoryBound(to: Float.self)
      rows = (memory.start + 8 * count).assumingMemoryBound(to: UInt16.self)
      for chunk in chunks {
        move(chunk, next: &starts, shift: ranges.shift)
        chunk.free()
      }
    }
    if pending.load(ordering: .relaxed) == 0 { memory?.free() }
  }

  /// Ratings of a range.
  func count(ofRange range: Int) -> Int { Int(starts[range + 1] - starts[range]) }

  /// Tells that one range with ratings is no longer needed. The last one frees the memory.
  func release() {
    if pending.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { memory?.free() }
  }

  /// Divides chunks, in the order of the input, into groups of at most `limit` ratings, or one chunk.
  static func groups(of chunks: [RatingChunk], limit: Int) -> [[RatingChunk]] {
    var groups: [[RatingChunk]] = []
    var group: [RatingChunk] = []
    var ratings = 0
    for chunk in chunks where chunk.count > 0 {
      if !group.isEmpty && ratings + chunk.count > limit {
        groups.append(group)
        group = []
        ratings = 0
      }
      group.append(chunk)
      ratings += chunk.count
    }
    if !group.isEmpty { groups.append(group) }
    return groups
  }

  private static func removeUnknown(from chunk: RatingChunk) -> Int {
    var (kept, deletions) = (0, 0)
    for position in 0..<chunk.count {
      guard chunk.users[position] != IDUnion.unknown, chunk.items[position] != IDUnion.unknown else {
        if chunk.values[position].isNaN { deletions += 1 }
        continue
      }
      chunk.users[kept] = chunk.users[position]
      chunk.items[kept] = chunk.items[position]
      chunk.values[kept] = chunk.values[position]
      kept += 1
    }
    defer { chunk.count = kept }
    // Those of pairs that are not known change nothing.
    return chunk.count - kept - deletions
  }

  /// Counts the ratings of each range; whether they come range by range.
  private static func count(_ chunk: RatingChunk, in counts: inout [UInt32], shift: Int) -> Bool {
    let users = UnsafePointer(chunk.users)
    var isOrdered = true
    counts.withUnsafeMutableBufferPointer { counts in
      var position = 0
      var last = 0
      while position < chunk.count {
        // Runs of one range are the rule where the input is in the order of the users.
        let range = Int(users[position] &>> UInt32(shift))
        let start = position
        repeat { position &+= 1 } while position < chunk.count && Int(users[position] &>> UInt32(shift)) == range
        counts[range] &+= UInt32(truncatingIfNeeded: position &- start)
        if range < last { isOrdered = false }
        last = range
      }
    }
    return isOrdered
  }

  private func move(_ chunk: RatingChunk, next: inout [UInt32], shift: Int) {
    let mask = UInt32(1) << UInt32(shift) - 1
    next.withUnsafeMutableBufferPointer { next in
      for position in 0..<chunk.count {
        let row = chunk.users[position]
        let range = Int(row &>> UInt32(shift))
        let slot = Int(next[range])
        next[range] &+= 1
        rows[slot] = UInt16(truncatingIfNeeded: row & mask)
        columns[slot] = chunk.items[position]
        values[slot] = chunk.values[position]
      }
    }
  }
}
