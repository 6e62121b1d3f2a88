/// A shard of a stream: a sequence of records in order.
package struct KinesisShard: Sendable, Equatable {
  /// Its name: `shardId-000000000000`.
  package var id: String
  /// The shards that it came from by resharding. What they hold was written before what it holds.
  package var parents: [String]
  /// Whether no more records can come.
  package var isClosed: Bool

  /// Where to begin to read.
  package enum Position: Sendable, Equatable {
    /// With the oldest record that is kept.
    case oldest
    /// With the first that is written from now on.
    case latest
    /// Behind a record.
    case after(sequenceNumber: String)
  }
}
