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

/// The errors of one of Amazon's services.
protocol AWSServiceError: Error {
  /// - Parameter place: what the client was asked for, for messages.
  init(place: String, failure: AWSFailure)
}
