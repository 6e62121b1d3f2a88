#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One worker's parser: turns blocks into chunks, with dictionaries and counts of its own.
struct BlockParser: ~Copyable {
  /// A malformed row.
  struct Fault: Sendable {
    let sequence: Int
    let file: Int
    /// Line within the block, counted from 1.
    let line: Int
    let fault: RowFault
  }

  var users: IDTable
  var items: IDTable
  private(set) var counts = ParseCounts()
  private(set) var values = ValueCounts()
  /// The first malformed row; blocks come in ascending order to a worker.
  private(set) var firstFault: Fault?

  private let skipsFaults: Bool
  private let rules: UnsafeMutableBufferPointer<RatingRule>
  private var fields: UnsafeMutablePointer<Field>
  private var fieldCapacity = 0

  init(options: ReadOptions) {
    users = IDTable(dropping: [])
    items = IDTable(dropping: options.dropItems)
    skipsFaults = options.onError == .skip
    rules = .allocate(capacity: options.ratingMap.count)
    _ = rules.initialize(from: options.ratingMap)
    fields = .allocate(capacity: 0)
  }

  deinit {
    rules.deallocate()
    fields.deallocate()
  }

  /// Whether the input is to be given up.
  var mustStop: Bool { firstFault != nil && !skipsFaults }

  /// Parses a block into a chunk that has room for all its lines.
  mutating func parse(_ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout) {
    if layout.columnCount > fieldCapacity {
      fields.deallocate()
      fieldCapacity = layout.columnCount
      fields = .allocate(capacity: fieldCapacity)
    }
    layout.format.syntax.parse(block, into: chunk, layout: layout, with: &self)
  }

  /// The loop over the lines of a block; specialized for each format by ``RowSyntax``.
  @inline(__always)
  mutating func parse<Syntax: RowSyntax>(
    _ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout, as syntax: Syntax.Type
  ) {
    var start = block.base
    let end = block.base + block.count
    var line = 0
    var stored = 0
    while start < end {
      let lineEnd = memchr(start, 10, end - start)?.assumingMemoryBound(to: UInt8.self) ?? end
      var count = lineEnd - start
      line &+= 1
      if count > 0 && start[count &- 1] == UInt8(ascii: "\r") { count &-= 1 }
      if count > 0 {
        do {
          let row = UnsafeMutableBufferPointer(start: start, count: count)
          if try parseRow(row, into: chunk, at: stored, layout: layout, as: syntax) { stored &+= 1 }
          counts.rows &+= 1
        } catch {
          if note(error, line: line, of: chunk, row: UnsafeMutableBufferPointer(start: start, count: count)) { break }
        }
      }
      start = lineEnd + 1
    }
    chunk.count = stored
  }

  /// Stores the rating of a row; false where the row is dropped.
  @inline(__always)
  private mutating func parseRow<Syntax: RowSyntax>(
    _ row: UnsafeMutableBufferPointer<UInt8>, into chunk: RatingChunk, at position: Int, layout: FileLayout,
    as syntax: Syntax.Type
  ) throws(RowFault) -> Bool {
    let needed = layout.columnCount
    let found = try Syntax.split(row, into: fields, limit: needed)
    guard found >= needed else { throw .missingColumns(expected: needed, found: found) }
    let user = fields[layout.user]
    let item = fields[layout.item]
    var value: Float = 1
    if layout.rating >= 0 {
      value = try NumberParser.float(fields[layout.rating], column: layout.rating &+ 1)
      for rule in rules where rule.value == value {
        guard let replacement = rule.replacement else {
          try IDTable.check(user, column: layout.user + 1)
          try IDTable.check(item, column: layout.item + 1)
          counts.droppedByMap += 1
          return false
        }
        value = replacement
        break
      }
    }
    // Both are checked before one gets a number: a malformed row leaves no id behind.
    if IDTable.integer(user) == nil { try IDTable.check(user, column: layout.user &+ 1) }
    let itemLocal = try items.local(of: item, column: layout.item &+ 1)
    if itemLocal == IDTable.dropped {
      counts.droppedItems += 1
      return false
    }
    chunk.users[position] = try users.local(of: user, column: layout.user &+ 1)
    chunk.items[position] = itemLocal
    chunk.values[position] = value
    if layout.rating >= 0 { values.add(value) }
    return true
  }

  /// Takes note of a malformed row; true where the block is to be given up.
  @inline(never)
  private mutating func note(
    _ fault: RowFault, line: Int, of chunk: RatingChunk, row: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    if row.allSatisfy({ $0 == UInt8(ascii: " ") }) { return false }
    counts.rows += 1
    counts.skipped += 1
    if firstFault == nil {
      firstFault = Fault(sequence: chunk.sequence, file: chunk.file, line: line, fault: fault)
    }
    return !skipsFaults
  }
}
