#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A store that speaks the language of S3 on this machine (moto's server), with the real client in front of it. Its buckets live as
/// long as the tests.
enum ObjectStore {
  /// Why there is none, if so: `scripts/test` installs both programs and says where by GPUALS_MOTO.
  static let absence = "there is no moto_server and aws to test S3 with: run scripts/test, which installs them"

  /// Whether there is one.
  static var isThere: Bool { port != nil || getenv("GPUALS_REQUIRE_MOTO") != nil }

  /// What tells programs to use it.
  static var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port ?? 0)", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
      "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2",
      "PATH": path,
    ]
  }

  /// The directories of programs, those of the test's own first.
  static var path: String {
    let own = getenv("GPUALS_MOTO").map { String(cString: $0) + ":" } ?? ""
    return own + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")
  }

  /// Runs the client.
  @discardableResult
  static func aws(_ arguments: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    let outcome = try run(["aws"] + arguments, in: workspace)
    guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    return outcome
  }

  /// Makes a bucket of a test's own, and puts files of its workspace into it.
  static func bucket(_ name: String, files: [String: String], in workspace: Workspace) throws {
    try aws(["s3", "mb", "s3://\(name)"], in: workspace)
    for (file, key) in files {
      try aws(["s3", "cp", "--only-show-errors", file, "s3://\(name)/\(key)"], in: workspace)
    }
  }

  private static func run(_ words: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try RunningProgram(
      path: "/usr/bin/env", arguments: words, directory: workspace.path, input: "", environment: environment
    ).wait()
  }

  /// What starts moto's server: Tests/Servers/resharding_moto.py.
  private static var program: String {
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Servers/resharding_moto.py"
  }

  /// Where the server listens; it is started once, and ends with this process.
  private static let port: Int? = {
    guard LocalServer.isThere("moto_server", path: path), LocalServer.isThere("aws", path: path) else { return nil }
    // In the Python that moto is installed for.
    let python = "$(sed -n '1s/^#!//p' \"$(command -v moto_server)\")"
    return LocalServer.start(path: path) { "\(python) '\(program)' -H 127.0.0.1 -p \($0)" }
  }()
}
