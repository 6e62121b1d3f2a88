#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Commands that are programs of their own: `gpuals NAME …` runs `gpuals-NAME …`, from beside this binary or from the PATH,
/// as git does.
enum ExternalCommand {
  /// Whether a first argument may name such a program: a word that is no option and no command built in.
  static func isCandidate(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("-") && !GPUALS.commandNames.contains(name)
  }

  /// Becomes the program; returns only by throwing.
  static func run(name: String, arguments: [String]) throws(CommandError) {
    guard !name.contains("/"), let path = find("gpuals-\(name)") else {
      throw .unknownCommand(name, near: nearMisses(of: name))
    }
    // An ignored signal stays ignored across exec, and the other program may rely on it.
    signal(SIGPIPE, SIG_DFL)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    execv(path, words)
    let reason = String(cString: strerror(errno))
    for word in words { free(word) }
    throw .cannotStart(path: path, reason: reason)
  }

  private static func find(_ program: String) -> String? {
    var directories: [String] = []
    if let binary = ownDirectory { directories.append(binary) }
    if let path = getenv("PATH") {
      // An empty entry of PATH means the working directory.
      directories += String(cString: path).split(separator: ":", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "." : String($0) }
    }
    return directories.lazy.map { "\($0)/\(program)" }.first(where: isExecutableFile)
  }

  /// The directory of this binary, links resolved.
  private static var ownDirectory: String? {
    #if os(Linux)
      let own = "/proc/self/exe"
    #else
      let own = ProgramArguments.all.first ?? ""
    #endif
    guard let resolved = realpath(own, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved).split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }

  private static func isExecutableFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  private static func nearMisses(of name: String) -> [String] {
    GPUALS.commandNames
      .map { (name: $0, distance: editDistance(name, $0)) }
      .filter { $0.distance <= 2 || ($0.name.hasPrefix(name) && name.count >= 2) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(3).map(\.name)
  }

  /// The least number of insertions, deletions, replacements and swaps of neighbours between two words.
  private static func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var rows = [[Int]](repeating: Array(0...b.count), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    for i in 1...a.count {
      for j in 1...b.count {
        var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
        rows[i][j] = best
      }
    }
    return rows[a.count][b.count]
  }
}
