import RatingsIO
import SystemProgram

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The part of the Python package that reads and writes Parquet, run as a program: `python3 -m gpuals.exchange …`.
///
/// It says in one line on standard error what is wrong, and ends with the statuses of this program.
enum PythonExchange {
  /// The interpreter: what `GPUALS_PYTHON` names, else `python3` on the PATH.
  private static var interpreter: String {
    guard let value = getenv("GPUALS_PYTHON"), value.pointee != 0 else { return "python3" }
    return String(cString: value)
  }

  /// Between two looks at whether it has ended, in microseconds.
  private static let pause: UInt32 = 10_000

  /// Runs it to its end. A signal that asks this program to end is passed on, so that nothing half-written is left.
  ///
  /// - Parameter interruption: what is told after a signal.
  /// - Throws: `CommandError.exchangeMissing` where there is no such program, `CommandError.exchange` with its own words, and
  ///   `CommandError.interrupted`.
  static func run(_ arguments: [String], interruption: String) throws {
    let files = try TemporaryDirectory()
    let errors = files.path + "/errors"
    let status = try wait(for: start(arguments, errors: errors))
    try Interruption.shared.check(interruption)
    guard status != 0 else { return }
    throw failure(status, lastLine: lastLine(of: errors))
  }

  private static func start(_ arguments: [String], errors: String) throws(CommandError) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // Signals that are ignored here are to do there what they do everywhere.
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // A directory that happens to have the name of a Python package must not be taken for it; messages are in UTF-8 in any locale.
    let own = ["PYTHONSAFEPATH=1", "PYTHONUTF8=1"]
    var variables: [UnsafeMutablePointer<CChar>?] = own.map { strdup($0) }
    var next = environ
    while let entry = next.pointee {
      variables.append(strdup(entry))
      next += 1
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([interpreter, "-m", "gpuals.exchange"] + arguments).map { strdup($0) }
    words.append(nil)
    variables.append(nil)
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, interpreter, &actions, &attributes, &words, &variables)
    guard code == 0 else {
      throw .exchangeMissing(python: interpreter, reason: "it cannot be started: \(String(cString: strerror(code)))")
    }
    return process
  }

  /// The status of waitpid.
  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    var hasPassedOn = false
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process || ended < 0 && errno != EINTR { return status }
      if Interruption.shared.requested != nil, !hasPassedOn {
        kill(process, SIGTERM)
        hasPassedOn = true
      }
      usleep(pause)
    }
  }

  private static func failure(_ status: Int32, lastLine: String) -> CommandError {
    let signal = status & 0x7F
    guard signal == 0 else {
      return .exchange(
        status: .software,
        message: "\(interpreter) -m gpuals.exchange was ended by signal \(signal)"
          + (signal == SIGKILL ? ": the system may have been out of memory" : ""))
    }
    // Of Python itself, which does not know our statuses.
    if lastLine.contains("No module named") {
      return .exchangeMissing(python: interpreter, reason: lastLine)
    }
    let code = status >> 8 & 0xFF
    guard code > 2, let known = ExitStatus(rawValue: code), !lastLine.isEmpty else {
      return .exchange(
        status: .software,
        message:
          "\(interpreter) -m gpuals.exchange ended with status \(code): \(lastLine) (a fault of gpuals, please report it)"
      )
    }
    return .exchange(status: known, message: lastLine)
  }

  private static func lastLine(of file: String) -> String {
    guard let bytes = try? ReadableFile(file).readAll() else { return "" }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
  }
}
