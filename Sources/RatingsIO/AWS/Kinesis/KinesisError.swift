/// What can go wrong with a Kinesis stream. Cases are facts; ``description`` words them.
package enum KinesisError: Error, Equatable {
  /// The AWS command line interface, which does the work, is not there.
  case noClient
  /// There is nobody to act for.
  case noCredentials(stream: String)
  /// The service does not accept who we say we are.
  case credentialsRefused(stream: String, code: String)
  /// The profile of AWS_PROFILE is not in the configuration.
  case noProfile(String)
  /// There is no such stream.
  case noStream(String)
  /// The service allows it to others only.
  case denied(stream: String)
  /// Nobody answers where the service should be.
  case unreachable(stream: String, detail: String)
  /// A position that the stream does not know: it was deleted and made anew.
  case unknownPosition(stream: String, shard: String)
  /// A place in a shard that was handed out too long ago.
  case expiredIterator(stream: String)
  /// More reads than the stream allows.
  case throttled(stream: String)
  /// Anything else, in the client's words.
  case failed(stream: String, detail: String)
}

extension KinesisError: AWSServiceError {
  init(place: String, failure: AWSFailure) {
    switch failure {
    case .noClient: self = .noClient
    case .noCredentials: self = .noCredentials(stream: place)
    case .credentialsRefused(let code): self = .credentialsRefused(stream: place, code: code)
    case .noProfile(let name): self = .noProfile(name)
    case .denied: self = .denied(stream: place)
    case .unreachable(let detail): self = .unreachable(stream: place, detail: detail)
    case .other("ResourceNotFoundException", _): self = .noStream(place)
    case .other("ExpiredIteratorException", _): self = .expiredIterator(stream: place)
    case .other("ProvisionedThroughputExceededException", _), .other("LimitExceededException", _),
      .other("ThrottlingException", _):
      self = .throttled(stream: place)
    case .other(_, let detail): self = .failed(stream: place, detail: detail)
    }
  }
}

extension KinesisError {
  /// What kind of fault it is, for those who choose an exit code.
  package var kind: RatingsIOError.Kind {
    switch self {
    case .noProfile: .usage
    case .noStream, .denied: .noInput
    case .noClient, .noCredentials, .credentialsRefused, .unreachable: .unavailable
    case .unknownPosition, .expiredIterator, .throttled, .failed: .ioError
    }
  }

  /// Whether trying again later may help.
  package var mayPass: Bool {
    switch self {
    case .unreachable, .expiredIterator, .throttled, .failed: true
    default: false
    }
  }
}

extension KinesisError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  package var description: String {
    func words(_ failure: AWSFailure, _ stream: String) -> String { failure.words(about: "stream \(stream)") }
    return switch self {
    case .noClient: "streams are read by the AWS command line interface, and \(words(.noClient, ""))"
    case .noCredentials(let stream): words(.noCredentials, stream)
    case .credentialsRefused(let stream, let code): words(.credentialsRefused(code: code), stream)
    case .noProfile(let name): words(.noProfile(name), "")
    case .noStream(let stream):
      "stream \(stream): there is no such stream in this region and account: look at 'aws kinesis list-streams'"
    case .denied(let stream):
      words(.denied, stream)
        + ": these credentials need kinesis:ListShards, kinesis:GetShardIterator and kinesis:GetRecords on it"
    case .unreachable(let stream, let detail): words(.unreachable(detail: detail), stream)
    case .unknownPosition(let stream, let shard):
      "stream \(stream): the position that the model has reached in \(shard) is unknown there: if the stream was deleted"
        + " and made anew, say --restart-stream"
    case .expiredIterator(let stream): "stream \(stream): reading took too long between two requests"
    case .throttled(let stream): "stream \(stream): it is read more often than its shards allow"
    case .failed(let stream, let detail): "stream \(stream): \(detail)"
    }
  }
}
