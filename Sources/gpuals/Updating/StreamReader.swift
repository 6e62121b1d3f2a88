import ALS
import RatingsIO

/// Goes through all shards of a stream, those that resharding made after those that they were made of.
struct StreamReader {
  let stream: KinesisStream
  /// How far each shard has been read: the number of the last record, or `UpdateRecord.shardEnd`.
  private(set) var positions: [String: String]
  /// Whether everything that was written has been read, as far as the last requests told.
  private(set) var isAtEnd = false

  private let start: KinesisShard.Position
  private var shards: [KinesisShard] = []
  private var iterators: [String: String] = [:]
  /// Shards of which only what is written from now on is wanted.
  private var shardsFromNowOn: Set<String> = []
  /// Requests until the list of shards is asked for again.
  private var requestsUntilListing = 0

  /// Requests under way at once: each is a process of its own.
  private static let mostRequests = 4
  private static let requestsPerListing = 30

  /// - Parameters:
  ///   - positions: where an earlier run came to.
  ///   - start: where to begin in a stream that nothing was read of yet.
  init(_ stream: KinesisStream, positions: [String: String], start: KinesisShard.Position) {
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
          // Its children may be read now.
          isAtEnd = false
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
    // What has expired is not to be remembered for ever.
    let known = Set(shards.map(\.id))
    positions = positions.filter { known.contains($0.key) }
    guard isFirst, start == .latest else { return }
    shardsFromNowOn = known
    // What was closed before is not wanted.
    for shard in shards where shard.isClosed { positions[shard.id] = UpdateRecord.shardEnd }
  }

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
    let position: KinesisShard.Position =
      positions[shard.id].map { .after(sequenceNumber: $0) } ?? (shardsFromNowOn.contains(shard.id) ? .latest : .oldest)
    let iterator = try stream.iterator(of: shard.id, at: position)
    iterators[shard.id] = iterator
    return iterator
  }
}
