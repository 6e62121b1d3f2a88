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
    /// With the first that was written from a time on, in seconds since 1970.
    case from(time: String)
    /// Behind a record.
    case after(sequenceNumber: String)
  }
}
