/// What can go wrong with places in S3. Cases are facts; ``description`` words them.
public enum S3Error: Error, Sendable, Equatable {
  /// The AWS command line interface, which does the work, is not there.
  case noClient
  /// A place without the name of a bucket.
  case noBucketName(String)
  /// There is nobody to act for.
  case noCredentials(place: String)
  /// The service does not accept who we say we are.
  case credentialsRefused(place: String, code: String)
  /// The profile of AWS_PROFILE is not in the configuration.
  case noProfile(String)
  /// There is no such bucket.
  case noBucket(place: String)
  /// There is no such object, nor any whose name begins so.
  case noObject(place: String)
  /// The service allows it to others only.
  case denied(place: String)
  /// Nobody answers where the service should be.
  case unreachable(place: String, detail: String)
  /// An object was not received whole, however often it was tried.
  case brokenTransfer(place: String, received: Int, expected: Int)
  /// An object was replaced while it was read.
  case changed(place: String)
  /// Anything else, in the client's words.
  case failed(place: String, detail: String)
}

extension S3Error: AWSServiceError {
  init(place: String, failure: AWSFailure) {
    switch failure {
    case .noClient: self = .noClient
    case .noCredentials: self = .noCredentials(place: place)
    case .credentialsRefused(let code): self = .credentialsRefused(place: place, code: code)
    case .noProfile(let name): self = .noProfile(name)
    case .denied: self = .denied(place: place)
    case .unreachable(let detail): self = .unreachable(place: place, detail: detail)
    case .other("NoSuchBucket", _): self = .noBucket(place: place)
    case .other("NoSuchKey", _), .other("404", _): self = .noObject(place: place)
    case .other(_, let detail) where detail.contains("Not Found"): self = .noObject(place: place)
    case .other(_, let detail): self = .failed(place: place, detail: detail)
    }
  }
}

extension S3Error {
  /// What kind of fault it is, for those who choose an exit code.
  public enum FaultKind: Sendable, Hashable {
    /// Wrong usage: 64.
    case usage
    /// No such input: 66.
    case noInput
    /// Something that is needed is not available: 69.
    case unavailable
    /// Input/output error: 74.
    case ioError
  }

  /// The kind of this error.
  public var kind: FaultKind {
    switch self {
    case .noBucketName, .noProfile: .usage
    case .noBucket, .noObject, .denied: .noInput
    case .noClient, .noCredentials, .credentialsRefused, .unreachable: .unavailable
    case .brokenTransfer, .changed, .failed: .ioError
    }
  }
}

extension S3Error: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  public var description: String {
    switch self {
    case .noClient:
      "places in S3 are reached by the AWS command line interface, and \(AWSFailure.noClient.words(about: "S3"))"
    case .noBucketName(let text): "\(text): names no bucket: give s3://bucket/key"
    case .noCredentials(let place): AWSFailure.noCredentials.words(about: place)
    case .credentialsRefused(let place, let code): AWSFailure.credentialsRefused(code: code).words(about: place)
    case .noProfile(let name): AWSFailure.noProfile(name).words(about: "S3")
    case .noBucket(let place): "\(place): there is no such bucket, or not in this region or account"
    case .noObject(let place): "\(place): there is no such object, nor any below it"
    case .denied(let place):
      AWSFailure.denied.words(about: place)
        + ": these credentials need s3:ListBucket on the bucket, and s3:GetObject or s3:PutObject on the object"
    case .unreachable(let place, let detail): AWSFailure.unreachable(detail: detail).words(about: place)
    case .brokenTransfer(let place, let received, let expected):
      "\(place): only \(received) of \(expected) bytes were received, although it was tried again: look at the network"
    case .changed(let place): "\(place): was replaced while it was read: run the command again"
    case .failed(let place, let detail): "\(place): \(detail)"
    }
  }
}
