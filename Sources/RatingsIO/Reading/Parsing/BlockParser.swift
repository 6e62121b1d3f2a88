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

  /// Times of all rows, where they are collected.
  private(set) var times: [Double] = []

  private let skipsFaults: Bool
  private let range: TimeRange
  private let collectsTimes: Bool
  private let rules: UnsafeMutableBufferPointer<RatingRule>
  private var fields: UnsafeMutablePointer<Field>
  private var fieldCapacity = 0
  private var batch = RowBatch()

  init(options: ReadOptions) {
    users = IDTable(dropping: [])
    items = IDTable(dropping: options.dropItems)
    skipsFaults = options.onError == .skip
    range = options.times ?? TimeRange(start: -.infinity, end: .infinity)
    collectsTimes = options.collectsTimes
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
    layout.syntax.parse(block, into: chunk, layout: layout, with: &self)
  }

  /// Takes entries of a matrix into a chunk that has room for them.
  mutating func take(_ entries: EntryBatch, into chunk: RatingChunk, layout: FileLayout) {
    let hasRatings = layout.rating >= 0
    var nextFault = 0
    for position in 0..<entries.count {
      if nextFault < entries.faults.count, entries.faults[nextFault].position == position {
        nextFault += 1
        if note(entries.faults[nextFault - 1].fault, line: position + 1, of: chunk) { break }
        continue
      }
      counts.rows &+= 1
      if layout.time >= 0 {
        if collectsTimes { times.append(entries.times[position]) }
        if collectsTimes || !range.contains(entries.times[position]) { continue }
      }
      guard let rating = hasRatings ? mapped(entries.values[position]) : 1 else { continue }
      batch.users[batch.count] = entries.users[position]
      batch.items[batch.count] = entries.items[position]
      batch.values[batch.count] = rating
      batch.count &+= 1
      if batch.count == RowBatch.capacity { flush(into: chunk, layout: layout) }
    }
    flush(into: chunk, layout: layout)
  }

  /// The loop over the lines of a block; specialized for each format by ``RowSyntax``.
  @inline(__always)
  mutating func parse<Syntax: RowSyntax>(
    _ block: borrowing BlockBuffer, into chunk: RatingChunk, layout: FileLayout, as syntax: Syntax
  ) {
    var start = block.base
    let end = block.base + block.count
    var line = 0
    let isPlain = layout.user == 0 && layout.item == 1 && layout.rating == 2 && layout.time < 0
    block.endLastLine()
    while start < end {
      if isPlain, let separator = syntax.plainSeparator {
        line &+= parsePlainRows(&start, end: end, separator: separator.byte, quotes: separator.quotes)
        if batch.count == RowBatch.capacity {
          flush(into: chunk, layout: layout)
          continue
        }
        if start >= end { break }
      }
      let lineEnd = memchr(start, 10, end - start)?.assumingMemoryBound(to: UInt8.self) ?? end
      var count = lineEnd - start
      line &+= 1
      if count > 0 && start[count &- 1] == UInt8(ascii: "\r") { count &-= 1 }
      if count > 0 {
        let row = UnsafeMutableBufferPointer(start: start, count: count)
        do throws(RowFault) {
          try parse(row, into: chunk, layout: layout, as: syntax)
          counts.rows &+= 1
        } catch {
          if !syntax.isBlank(row), note(syntax.named(error), line: line, of: chunk) { break }
        }
      }
      start = lineEnd + 1
    }
    flush(into: chunk, layout: layout)
  }

  /// Takes plain rows up to the first that is none, the end, or the end of the batch; returns how many.
  @inline(__always)
  private mutating func parsePlainRows(
    _ start: inout UnsafeMutablePointer<UInt8>, end: UnsafeMutablePointer<UInt8>, separator: UInt8, quotes: Bool
  ) -> Int {
    var row = PlainRow()
    var position = start
    var (lines, count) = (0, batch.count)
    let (users, items, values) = (batch.users, batch.items, batch.values)
    while position < end && count < RowBatch.capacity,
      let next = row.read(from: position, end: end, separator: separator, quotes: quotes)
    {
      position = next
      lines &+= 1
      if let rating = rules.isEmpty ? row.rating : mapped(row.rating) {
        users[count] = row.user
        items[count] = row.item
        values[count] = rating
        count &+= 1
      }
    }
    start = position
    batch.count = count
    counts.rows &+= lines
    return lines
  }

  /// What a rating counts by the rules; `nil`, and counted, where its row is dropped.
  @inline(__always)
  private mutating func mapped(_ rating: Float) -> Float? {
    for rule in rules where rule.value == rating {
      if rule.replacement == nil { counts.droppedByMap &+= 1 }
      return rule.replacement
    }
    return rating
  }

  @inline(__always)
  private mutating func parse<Syntax: RowSyntax>(
    _ row: UnsafeMutableBufferPointer<UInt8>, into chunk: RatingChunk, layout: FileLayout, as syntax: Syntax
  ) throws(RowFault) {
    let needed = layout.columnCount
    let found = try syntax.split(row, into: fields, limit: needed)
    if layout.operation >= 0, try layout.isDeletion(fields, found: found) {
      if collectsTimes { return }
      try storeDeletion(into: chunk, layout: layout)
      counts.deletions &+= 1
      return
    }
    guard found >= needed else {
      guard found == 0 else { throw .missingColumns(expected: needed, found: found) }
      // It is counted by the caller, as all others.
      counts.rows &-= 1
      return
    }
    if layout.time >= 0 {
      let field = fields[layout.time]
      guard let time = TimeParser.time(field) else {
        throw .notATime(column: layout.time + 1, found: field.excerpt)
      }
      if collectsTimes {
        times.append(time)
        return
      }
      if !range.contains(time) {
        // Where rows replay what happened, an earlier rating of the pair must not stay.
        if layout.operation >= 0 { try storeDeletion(into: chunk, layout: layout) }
        return
      }
    }
    var value: Float = 1
    if layout.rating >= 0 {
      value = try NumberParser.float(fields[layout.rating], column: layout.rating &+ 1)
      for rule in rules where rule.value == value {
        guard let replacement = rule.replacement else {
          if layout.operation >= 0 {
            // What has become a code is no rating any more, and the older value must not stay.
            try storeDeletion(into: chunk, layout: layout)
            counts.droppedByMap += 1
            return
          }
          try IDTable.check(fields[layout.user], column: layout.user &+ 1)
          try IDTable.check(fields[layout.item], column: layout.item &+ 1)
          counts.droppedByMap += 1
          return
        }
        value = replacement
        break
      }
    }
    try store(value, into: chunk, layout: layout)
  }

  /// Puts a row after which its pair has no rating among those that wait for their numbers.
  @inline(never)
  private mutating func storeDeletion(into chunk: RatingChunk, layout: FileLayout) throws(RowFault) {
    try store(RatingChunk.deletion, into: chunk, layout: layout)
  }

  /// Puts the row that was split among those that wait for their numbers.
  @inline(__always)
  private mutating func store(_ value: Float, into chunk: RatingChunk, layout: FileLayout) throws(RowFault) {
    guard let user = IDTable.integer(fields[layout.user]), let item = IDTable.integer(fields[layout.item]) else {
      return try storeTexts(value, into: chunk, layout: layout)
    }
    batch.users[batch.count] = user
    batch.items[batch.count] = item
    batch.values[batch.count] = value
    batch.count &+= 1
    if batch.count == RowBatch.capacity { flush(into: chunk, layout: layout) }
  }

  /// Stores the rows that wait.
  private mutating func flush(into chunk: RatingChunk, layout: FileLayout) {
    let count = batch.count
    batch.count = 0
    items.lookUp(batch.items, count: count, into: batch.locals)
    let start = chunk.count
    var kept = 0
    for position in 0..<count {
      let item = batch.locals[position]
      // An item that is dropped leaves its user without a number, should there be no other rating.
      if item == IDTable.dropped { continue }
      chunk.items[start &+ kept] = item
      chunk.values[start &+ kept] = batch.values[position]
      batch.users[kept] = batch.users[position]
      kept &+= 1
    }
    counts.droppedItems &+= count &- kept
    users.lookUp(batch.users, count: kept, into: chunk.users + start)
    if layout.rating >= 0 {
      let ratings = UnsafeBufferPointer(start: chunk.values + start, count: kept)
      if layout.operation < 0 {
        values.add(ratings)
      } else {
        for rating in ratings where !rating.isNaN { values.add(rating) }
      }
    }
    chunk.count = start &+ kept
  }

  /// Stores a row with an id that is not an integer.
  private mutating func storeTexts(_ value: Float, into chunk: RatingChunk, layout: FileLayout) throws(RowFault) {
    // Rows keep their order.
    if batch.count > 0 { flush(into: chunk, layout: layout) }
    let (userField, itemField) = (fields[layout.user], fields[layout.item])
    var user = users.existing(userField)
    var item = items.existing(itemField)
    if user == IDTable.vacant || item == IDTable.vacant {
      // Both are checked before one gets a number: a malformed row leaves no id behind.
      try IDTable.check(userField, column: layout.user + 1)
      item = try items.local(of: itemField, column: layout.item + 1)
      if item != IDTable.dropped { user = try users.local(of: userField, column: layout.user + 1) }
    }
    guard item != IDTable.dropped else {
      counts.droppedItems += 1
      return
    }
    chunk.users[chunk.count] = user
    chunk.items[chunk.count] = item
    chunk.values[chunk.count] = value
    chunk.count += 1
    if layout.rating >= 0, !value.isNaN { values.add(value) }
  }

  /// Takes note of a malformed row; true where the block is to be given up.
  @inline(never)
  private mutating func note(_ fault: RowFault, line: Int, of chunk: RatingChunk) -> Bool {
    counts.rows += 1
    counts.skipped += 1
    if firstFault == nil {
      firstFault = Fault(sequence: chunk.sequence, file: chunk.file, line: line, fault: fault)
    }
    return !skipsFaults
  }
}
