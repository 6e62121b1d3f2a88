import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The ids of all workers as one sorted index, and the way from each worker's numbers to its rows.
struct IDUnion: Sendable {
  /// Stands for an id without a row.
  static let unknown = UInt32.max

  let index: IDIndex
  /// The place of each id that is its own number among all such ids.
  private let ranks: IDRanks
  /// The rows of these places; `nil` where they are the rows.
  private let rankedRows: [UInt32]?
  /// For each worker, the row of each of the numbers that it gave out.
  private let hashedRows: [[UInt32]]
  /// Whether every id has a row.
  let isComplete: Bool

  /// Sorts the ids: numerically where all are canonical integers, else by their UTF-8 bytes.
  ///
  /// - Parameter side: for the message.
  init(_ parts: [IDKeys], side: Side) throws(RatingsIOError) {
    isComplete = true
    do throws(ALSError) {
      ranks = IDRanks(parts.map(\.direct))
      let numbers = ranks.numbers
      if parts.allSatisfy({ $0.count == 0 }) {
        index = try IDIndex(integers: numbers)
        rankedRows = nil
        hashedRows = parts.map { _ in [] }
        return
      }
      // Ids that are their own number take part as those of one more worker.
      let ranked = IDKeys(
        count: UInt32(numbers.count), integers: numbers, integerLocals: (0..<UInt32(numbers.count)).map { $0 })
      let all = [ranked] + parts
      let hasTexts = parts.contains { $0.textLocals.contains { $0 != IDTable.dropped } }
      var rows: [[UInt32]]
      (index, rows) = try hasTexts ? Self.mergeTexts(all) : Self.mergeIntegers(all)
      rankedRows = rows.removeFirst()
      hashedRows = rows
    } catch {
      guard case .tooManyRows(let count) = error else {
        preconditionFailure("ids that were merged are distinct: \(error)")
      }
      throw .tooManyIDs(side: side.rawValue, count: count)
    }
  }

  /// Looks the ids up in an index that is given.
  init(_ parts: [IDKeys], in index: IDIndex) {
    self.index = index
    isComplete = false
    ranks = IDRanks(parts.map(\.direct))
    rankedRows = ranks.numbers.map { number in index.row(of: number).map { UInt32($0) } ?? Self.unknown }
    hashedRows = parts.map { part in
      var rows = [UInt32](repeating: Self.unknown, count: Int(part.count))
      for (key, local) in zip(part.integers, part.integerLocals) {
        if let row = index.row(of: key) { rows[Int(local)] = UInt32(row) }
      }
      part.textBytes.withUnsafeBufferPointer { bytes in
        var start = 0
        for (end, local) in zip(part.textEnds, part.textLocals) {
          if local != IDTable.dropped, let row = index.row(ofUTF8: UnsafeBufferPointer(rebasing: bytes[start..<end])) {
            rows[Int(local)] = UInt32(row)
          }
          start = end
        }
      }
      return rows
    }
  }

  /// Puts rows in the place of a worker's numbers; ``unknown`` for ids without one.
  func resolve(_ locals: UnsafeMutablePointer<UInt32>, count: Int, worker: Int) {
    hashedRows[worker].withUnsafeBufferPointer { hashed in
      (rankedRows ?? []).withUnsafeBufferPointer { ranked in
        let isRanked = rankedRows != nil
        for position in 0..<count {
          let local = locals[position]
          if local < IDTable.firstHashed {
            let rank = ranks.rank(of: local)
            locals[position] = isRanked ? ranked[rank] : UInt32(truncatingIfNeeded: rank)
          } else {
            locals[position] = hashed[Int(local &- IDTable.firstHashed)]
          }
        }
      }
    }
  }

  // MARK: Integers

  private struct IntegerKey {
    var key: Int64
    var local: UInt32
  }

  private static func mergeIntegers(_ parts: [IDKeys]) throws(ALSError) -> (IDIndex, [[UInt32]]) {
    let sorted = sortedInParallel(parts.count) { worker in
      zip(parts[worker].integers, parts[worker].integerLocals).map { IntegerKey(key: $0, local: $1) }
        .sorted { $0.key < $1.key }
    }
    var merged: [Int64] = []
    let rows = merge(sorted, counts: parts.map(\.count)) { a, b in
      a.key < b.key ? -1 : a.key == b.key ? 0 : 1
    } local: {
      $0.local
    } append: {
      merged.append($0.key)
    }
    return (try IDIndex(integers: merged), rows)
  }

  // MARK: Texts

  private struct TextKey {
    /// The first 8 bytes as a big-endian number, which settles most comparisons.
    var prefix: UInt64
    var start: Int
    var count: Int
    var local: UInt32
    var worker: Int32
  }

  private static func mergeTexts(_ parts: [IDKeys]) throws(ALSError) -> (IDIndex, [[UInt32]]) {
    var texts = parts.map(\.textBytes)
    for worker in parts.indices {
      for key in parts[worker].integers { texts[worker].append(contentsOf: String(key).utf8) }
    }
    let bytes = texts
    func compare(_ a: TextKey, _ b: TextKey) -> Int {
      if a.prefix != b.prefix { return a.prefix < b.prefix ? -1 : 1 }
      return bytes[Int(a.worker)].withUnsafeBufferPointer { left in
        bytes[Int(b.worker)].withUnsafeBufferPointer { right in
          let order = memcmp(left.baseAddress! + a.start, right.baseAddress! + b.start, min(a.count, b.count))
          return order != 0 ? Int(order) : a.count - b.count
        }
      }
    }
    let sorted = sortedInParallel(parts.count) { worker in
      textKeys(of: parts[worker], worker: worker, bytes: bytes[worker]).sorted { compare($0, $1) < 0 }
    }
    var merged: [UInt8] = []
    var offsets = [0]
    let rows = merge(sorted, counts: parts.map(\.count), compare: compare) {
      $0.local
    } append: { key in
      merged.append(contentsOf: bytes[Int(key.worker)][key.start..<key.start + key.count])
      offsets.append(merged.count)
    }
    return (try IDIndex(utf8: merged, offsets: offsets), rows)
  }

  private static func textKeys(of part: IDKeys, worker: Int, bytes: [UInt8]) -> [TextKey] {
    var keys: [TextKey] = []
    keys.reserveCapacity(Int(part.count))
    func add(_ range: Range<Int>, _ local: UInt32) {
      var prefix: UInt64 = 0
      for byte in bytes[range].prefix(8) { prefix = prefix << 8 | UInt64(byte) }
      prefix <<= UInt64(8 * max(0, 8 - range.count))
      keys.append(
        TextKey(prefix: prefix, start: range.lowerBound, count: range.count, local: local, worker: Int32(worker)))
    }
    var start = 0
    for (end, local) in zip(part.textEnds, part.textLocals) {
      if local != IDTable.dropped { add(start..<end, local) }
      start = end
    }
    for (key, local) in zip(part.integers, part.integerLocals) {
      let count = String(key).utf8.count
      add(start..<start + count, local)
      start += count
    }
    return keys
  }

  // MARK: Both

  private static func sortedInParallel<Key>(_ count: Int, _ sort: @escaping (Int) -> [Key]) -> [[Key]] {
    var sorted = [[Key]](repeating: [], count: count)
    sorted.withUnsafeMutableBufferPointer { buffer in
      // Each worker writes an element of its own and reads what no one changes.
      nonisolated(unsafe) let sorted = buffer
      nonisolated(unsafe) let sort = sort
      Parallel.perform(count) { sorted[$0] = sort($0) }
    }
    return sorted
  }

  /// Merges sorted lists; equal keys of several lists get one row.
  private static func merge<Key>(
    _ lists: [[Key]], counts: [UInt32], compare: (Key, Key) -> Int, local: (Key) -> UInt32, append: (Key) -> Void
  ) -> [[UInt32]] {
    var rows = counts.map { [UInt32](repeating: unknown, count: Int($0)) }
    var heads = [Int](repeating: 0, count: lists.count)
    var row: UInt32 = 0
    while true {
      var least: Key?
      for list in lists.indices where heads[list] < lists[list].count {
        let key = lists[list][heads[list]]
        if least.map({ compare(key, $0) < 0 }) ?? true { least = key }
      }
      guard let least else { return rows }
      append(least)
      for list in lists.indices where heads[list] < lists[list].count {
        let key = lists[list][heads[list]]
        if compare(key, least) == 0 {
          rows[list][Int(local(key))] = row
          heads[list] += 1
        }
      }
      row += 1
    }
  }
}
