import FoundationEssentials

/// A stream of Amazon's Kinesis, by name or ARN.
package struct KinesisStream: Sendable {
  /// As it was given.
  package let name: String
  /// Records that are asked for at once: as many as the service hands out.
  private static let mostRecords = 10_000

  private typealias Command = AWSCommand<KinesisError>

  package init(_ name: String) { self.name = name }

  private var options: [String] {
    [name.hasPrefix("arn:") ? "--stream-arn" : "--stream-name", name, "--output", "json"]
  }

  /// All shards that are kept, closed ones too.
  package func shards() throws(KinesisError) -> [KinesisShard] {
    struct Answer: Decodable {
      struct Shard: Decodable {
        struct Numbers: Decodable { var EndingSequenceNumber: String? }
        var ShardId: String
        var ParentShardId: String?
        var AdjacentParentShardId: String?
        var SequenceNumberRange: Numbers
      }
      var Shards: [Shard]
    }
    let output = try Command.run(["kinesis", "list-shards"] + options, place: name)
    return try decoded(Answer.self, output).Shards.map {
      KinesisShard(
        id: $0.ShardId, parents: [$0.ParentShardId, $0.AdjacentParentShardId].compactMap { $0 },
        isClosed: $0.SequenceNumberRange.EndingSequenceNumber != nil)
    }
  }

  /// A place in a shard to read from. It is good for five minutes.
  package func iterator(of shard: String, at position: KinesisShard.Position) throws(KinesisError) -> String {
    struct Answer: Decodable { var ShardIterator: String }
    var arguments = ["kinesis", "get-shard-iterator", "--shard-id", shard, "--shard-iterator-type"]
    switch position {
    case .oldest: arguments.append("TRIM_HORIZON")
    case .from(let time): arguments += ["AT_TIMESTAMP", "--timestamp", time]
    case .after(let number): arguments += ["AFTER_SEQUENCE_NUMBER", "--starting-sequence-number", number]
    }
    do throws(KinesisError) {
      return try decoded(Answer.self, try Command.run(arguments + options, place: name)).ShardIterator
    } catch .failed(_, let detail) where detail.contains("InvalidArgument") || detail.contains("StartingSequenceNumber")
    {
      throw .unknownPosition(stream: name, shard: shard)
    }
  }

  /// Begins to read the next records.
  package func read(from iterator: String) -> KinesisRead {
    KinesisRead(
      command: Command.start(
        [
          "kinesis", "get-records", "--shard-iterator", iterator, "--limit", String(Self.mostRecords), "--output",
          "json",
        ], place: name), stream: self)
  }

  fileprivate func decoded<Answer: Decodable>(_ type: Answer.Type, _ json: [UInt8]) throws(KinesisError) -> Answer {
    do {
      return try JSONDecoder().decode(type, from: Data(json))
    } catch {
      throw .failed(
        stream: name, detail: "the AWS command line interface answered with something else than was asked for")
    }
  }
}

/// Records on their way.
package struct KinesisRead: Sendable {
  fileprivate let command: AWSCommand<KinesisError>
  fileprivate let stream: KinesisStream

  /// Waits for them.
  package func finish() throws(KinesisError) -> KinesisBatch {
    struct Answer: Decodable {
      struct Record: Decodable {
        var SequenceNumber: String
        var Data: Data
      }
      var Records: [Record]
      var NextShardIterator: String?
      var MillisBehindLatest: Int?
    }
    let answer = try stream.decoded(Answer.self, try command.finish())
    return KinesisBatch(
      records: answer.Records.map { KinesisRecord(sequenceNumber: $0.SequenceNumber, data: [UInt8]($0.Data)) },
      next: answer.NextShardIterator, millisecondsBehind: answer.MillisBehindLatest ?? 0)
  }
}
