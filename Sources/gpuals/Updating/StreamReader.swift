import ALS
import RatingsIO

/// Goes through all shards of a stream, those that resharding made after those that they were made of.
struct StreamReader {
  let stream: KinesisStream
  /// How far each shard has been read: the number of the last record, `UpdateRecord.shardEnd`, or the time from which on it is to be.
  private(set) var positions: [String: String]
  /// Whether everything that was written has been read, as far as the last requests told.
  private(set) var isAtEnd = false

  private let start: StreamStart
  private var shards: [KinesisShard] = []
  private var iterators: [String: String] = [:]
  private let notices: Notices
  /// Requests until the list of shards is asked for again.
  private var requestsUntilListing = 0

  /// Requests under way at once: each is a process of its own.
  private static let mostRequests = 4
  private static let requestsPerListing = 30

  /// - Parameters:
  ///   - positions: where an earlier run came to.
  ///   - start: where to begin in a stream that nothing was read of yet.
  init(_ stream: KinesisStream, positions: [String: String], start: StreamStart, notices: Notices) {
    self.notices = notices
    self.stream = stream
    self.positions = positions
    self.start = start
  }

  /// Reads what is there, at most a request's worth from each shard, and calls `body` for each record in the order of its shard.
  ///
  /// - Returns: how many records there were.
  mutating func read(_ body: (_ shard: String, KinesisRecord) throws -> Void) throws -> Int {
    if requestsUntilListing <= 0 { try list() }
    requestsUntilListing -= 1
    var count = 0
    var isAtEnd = true
    let readable = readableShards
    for first in stride(from: 0, to: readable.count, by: Self.mostRequests) {
      let part = readable[first..<min(readable.count, first + Self.mostRequests)]
      var reads: [(shard: KinesisShard, read: KinesisRead)] = []
      for shard in part { reads.append((shard, stream.read(from: try iterator(of: shard)))) }
      // All are waited for, whatever one of them says.
      let outcomes = reads.map { read in (read.shard, Result { () throws(KinesisError) in try read.read.finish() }) }
      for (shard, outcome) in outcomes {
        // A place is good for five minutes, and to be asked for anew after any fault.
        iterators[shard.id] = nil
        if case .failure(.expiredIterator) = outcome {
          isAtEnd = false
          continue
        }
        let batch = try outcome.get()
        for record in batch.records {
          try body(shard.id, record)
          positions[shard.id] = record.sequenceNumber
        }
        count += batch.records.count
        let isExhausted = batch.records.isEmpty && batch.millisecondsBehind == 0
        if batch.next == nil || (shard.isClosed && isExhausted) {
          positions[shard.id] = UpdateRecord.shardEnd
          // Its children, which may have come since, may be read now.
          isAtEnd = false
          requestsUntilListing = 0
        } else {
          iterators[shard.id] = batch.next
          if !isExhausted { isAtEnd = false }
        }
      }
    }
    // A shard that has just been closed has children to look for.
    if count == 0, readable.isEmpty || shards.contains(where: { $0.isClosed && !isFinished($0.id) }) {
      requestsUntilListing = 0
    }
    self.isAtEnd = isAtEnd && count == 0
    return count
  }

  private mutating func list() throws {
    let isFirst = shards.isEmpty && positions.isEmpty
    shards = try stream.shards()
    requestsUntilListing = Self.requestsPerListing
    if let shard = shards.first(where: { !$0.isClosed && isFinished($0.id) }) {
      throw KinesisError.unknownPosition(stream: stream.name, shard: shard.id)
    }
    // What has expired is not to be remembered for ever.
    let known = Set(shards.map(\.id))
    for shard in positions.keys.filter({ !known.contains($0) }).sorted() {
      if !isFinished(shard) {
        notices.warn("\(shard) of the stream \(stream.name) has expired, and what was left of it is lost: train again")
      }
      positions[shard] = nil
    }
    guard isFirst, start == .latest else { return }
    // By the clock, so that it stays so whatever happens before the first record.
    let now = Self.fromTime + String(Clock.secondsSince1970)
    // What was closed before is not wanted.
    for shard in shards { positions[shard.id] = shard.isClosed ? UpdateRecord.shardEnd : now }
  }

  /// Begins what stands in place of a number where nothing has been read yet.
  private static let fromTime = "FROM "

  /// Shards with something left whose parents have nothing left, or are gone.
  private var readableShards: [KinesisShard] {
    let known = Set(shards.map(\.id))
    return shards.filter { shard in
      !isFinished(shard.id) && shard.parents.allSatisfy { !known.contains($0) || isFinished($0) }
    }
  }

  private func isFinished(_ shard: String) -> Bool { positions[shard] == UpdateRecord.shardEnd }

  private mutating func iterator(of shard: KinesisShard) throws -> String {
    if let known = iterators[shard.id] { return known }
    let position: KinesisShard.Position
    switch positions[shard.id] {
    case nil: position = .oldest
    case let text? where text.hasPrefix(Self.fromTime):
      position = .from(time: String(text.dropFirst(Self.fromTime.count)))
    case let number?: position = .after(sequenceNumber: number)
    }
    let iterator = try stream.iterator(of: shard.id, at: position)
    iterators[shard.id] = iterator
    return iterator
  }
}
