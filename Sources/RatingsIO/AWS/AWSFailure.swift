/// Why the AWS command line interface did not do what it was asked for, as far as that is the same for all services.
enum AWSFailure: Error, Equatable {
  /// It is not there.
  case noClient
  /// There is nobody to act for.
  case noCredentials
  /// The service does not accept who we say we are.
  case credentialsRefused(code: String)
  /// The profile of AWS_PROFILE is not in the configuration.
  case noProfile(String)
  /// The service allows it to others only.
  case denied
  /// Nobody answers where the service should be.
  case unreachable(detail: String)
  /// Anything else: the code that the service gives, empty if none, and the client's last words.
  case other(code: String, detail: String)

  /// What the client wrote to standard error, understood.
  init(output: String) {
    func says(_ texts: String...) -> Bool { texts.contains { output.contains($0) } }
    /// The code in parentheses: "An error occurred (NoSuchBucket) when calling …".
    let code =
      output.split(separator: "error occurred (").dropFirst().first.map { String($0.prefix { $0 != ")" }) } ?? ""
    // The last line that is not empty, without the name of the client's own step.
    let lines = output.split(separator: "\n").map(String.init).filter { line in line.contains { $0 != " " } }
    let last = lines.last ?? "the AWS command line interface failed without a word"
    if says("Unable to locate credentials", "NoCredentials", "Partial credentials") {
      self = .noCredentials
    } else if let profile = output.split(separator: "The config profile (").dropFirst().first {
      self = .noProfile(String(profile.prefix { $0 != ")" }))
    } else if says(
      "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "SSO",
      "InvalidClientTokenId", "UnrecognizedClient", "RequestTimeTooSkewed")
    {
      self = .credentialsRefused(code: code.isEmpty ? last : code)
    } else if says("AccessDenied", "(403)", "Forbidden", "AllAccessDisabled") {
      self = .denied
    } else if says(
      "Could not connect", "Connect timeout", "Connection was closed", "EndpointConnectionError", "Read timeout",
      "Failed to connect", "Name or service not known", "Invalid endpoint")
    {
      self = .unreachable(detail: last)
    } else {
      self = .other(code: code, detail: last)
    }
  }
}

extension AWSFailure {
  /// One sentence: what, where, and the remedy, for what is the same for all services.
  ///
  /// - Parameter place: what the client was asked for.
  func words(about place: String) -> String {
    switch self {
    case .noClient:
      "there is no program aws on the PATH: install it (apt install awscli, or pip install awscli)"
    case .noCredentials:
      "\(place): no AWS credentials were found: run 'aws configure', or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"
        + " AWS_SECRET_ACCESS_KEY"
    case .credentialsRefused(let code):
      "\(place): the AWS credentials are not accepted (\(code)): sign in again, or look at 'aws sts get-caller-identity'"
    case .noProfile(let name):
      "the AWS profile \"\(name)\" is not in the configuration: look at 'aws configure list-profiles' and AWS_PROFILE"
    case .denied: "\(place): access is denied"
    case .unreachable(let detail):
      "\(place): the service does not answer (\(detail)): look at the network, the region and AWS_ENDPOINT_URL"
    case .other(_, let detail): "\(place): \(detail)"
    }
  }
}

/// The errors of one of Amazon's services.
protocol AWSServiceError: Error {
  /// - Parameter place: what the client was asked for, for messages.
  init(place: String, failure: AWSFailure)
}
