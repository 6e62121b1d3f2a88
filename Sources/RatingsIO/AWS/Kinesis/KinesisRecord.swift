/// A record of a stream.
package struct KinesisRecord: Sendable, Equatable {
  /// Its place in the shard.
  package var sequenceNumber: String
  /// What the producer wrote.
  package var data: [UInt8]
}

/// Some records of a shard, in order.
package struct KinesisBatch: Sendable, Equatable {
  package var records: [KinesisRecord]
  /// Where to go on; `nil` at the end of a shard that is closed.
  package var next: String?
  /// How far behind the end of the shard the last record is.
  package var millisecondsBehind: Int
}
