import ALS
import ArgumentParser
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `gpuals serve`.
struct ServeCommand: ParsableArguments, ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpuals serve",
    abstract: "Answer requests for recommendations over HTTP, with JSON.",
    discussion: """
      There is a page to try the model at /; the routes are described by GET /openapi.json. A newer model that replaces the directory, as 'gpuals train' and \
      'gpuals update' do, is taken up without a failed request; one that is damaged is told of in the log, and the old \
      one serves on. SIGINT and SIGTERM let the requests under way finish. The log is on stderr, one JSON object a line.

      Examples:
        gpuals serve --model model
        gpuals serve --model model --host 0.0.0.0 --port 80 --token-file token
        curl 'http://127.0.0.1:8080/v1/users/17/recommendations?n=5'
        curl 'http://127.0.0.1:8080/v1/recommendations' -d '{"ratings":[{"item":"1000125","rating":90}]}'
      """,
    version: Model.softwareVersion)

  static let _errorLabel = "gpuals-serve: error"

  @Option(help: ArgumentHelp("The model directory that 'gpuals train' wrote.", valueName: "DIR"))
  var model: String?

  @Option(help: "The address to listen on. (default: 127.0.0.1; with --sagemaker 0.0.0.0)")
  var host: String?

  @Option(
    help:
      "The port to listen on; 0 for any that is free. (default: 8080; with --sagemaker that of SAGEMAKER_BIND_TO_PORT)")
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "A file with a token, without which no request is answered but for the state of health and the page, which asks for it: Authorization: Bearer TOKEN.",
      valueName: "FILE"))
  var tokenFile: String?

  @Option(help: ArgumentHelp("The longest body of a request.", valueName: "BYTES"))
  var maxBody = 1 << 20

  @Option(help: ArgumentHelp("The longest list that may be asked for.", valueName: "N"))
  var maxN = 1000

  @Option(
    help: ArgumentHelp(
      "How long the body of a request may take to arrive; a connection may stay idle twice as long.",
      valueName: "SECONDS"))
  var timeout = 30.0

  @Option(
    help: ArgumentHelp(
      "How often to look for a newer model. (default: 2; 60 in S3, where each look is a request)", valueName: "SECONDS")
  )
  var watch: Double?

  @Flag(help: "Serve as a SageMaker container does: the model is in /opt/ml/model.")
  var sagemaker = false

  @Option(help: ArgumentHelp("The directory in place of /opt/ml.", valueName: "DIR"))
  var sagemakerRoot = "/opt/ml"

  func validate() throws {
    if sagemaker == (model != nil) {
      throw ValidationError("Say which model to serve: --model DIR, or --sagemaker for that in /opt/ml/model.")
    }
    if let port, !(0...65535).contains(port) {
      throw ValidationError("--port is \(port), but must be from 0 to 65535.")
    }
    if maxBody < 1 { throw ValidationError("--max-body is \(maxBody), but must be at least 1.") }
    if maxN < 1 { throw ValidationError("--max-n is \(maxN), but must be at least 1.") }
    for (name, value) in [("timeout", timeout), ("watch", watch ?? 2)] where !(value >= 0.05 && value <= 86_400) {
      throw ValidationError("--\(name) is \(value), but must be from 0.05 to 86400 seconds.")
    }
  }

  /// Serves until a signal asks for the end.
  func serve() async throws {
    let directory = model ?? "\(sagemakerRoot)/model"
    let token = try tokenFile.map { (path) throws(ServeError) in try AccessToken(file: path) }
    // Not on a thread of tasks: the client for S3 runs as one, and is waited for.
    let holder = try await withCheckedThrowingContinuation { (done: CheckedContinuation<ModelHolder, any Error>) in
      DispatchQueue.global().async {
        do { done.resume(returning: try ModelHolder(path: directory)) } catch { done.resume(throwing: error) }
      }
    }
    try await HTTPService(
      host: host ?? (sagemaker ? "0.0.0.0" : "127.0.0.1"), port: try boundPort(), holder: holder,
      limits: RequestLimits(bodyBytes: maxBody, listLength: maxN, seconds: timeout), token: token,
      watchSeconds: watch ?? (directory.hasPrefix("s3://") ? 60 : 2)
    ).run()
  }

  private func boundPort() throws(ServeError) -> Int {
    if let port { return port }
    guard sagemaker, let text = getenv("SAGEMAKER_BIND_TO_PORT").map({ String(cString: $0) }) else { return 8080 }
    guard let port = Int(text), (0...65535).contains(port) else { throw .badPort(text) }
    return port
  }
}
