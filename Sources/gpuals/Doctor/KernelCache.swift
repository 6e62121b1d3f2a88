#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where pocl keeps compiled kernels. If it cannot write there, it offers no devices and does not say why.
enum KernelCache {
  /// The directory, by the variables that pocl looks at.
  static var directory: String {
    func set(_ name: String) -> String? { Terminal.environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let own = set("POCL_CACHE_DIR") { return own }
    if let cache = set("XDG_CACHE_HOME") { return "\(cache)/pocl/kcache" }
    if let home = set("HOME") { return "\(home)/.cache/pocl/kcache" }
    return "/tmp/pocl/kcache"
  }

  /// Whether it can be written to, or made.
  static var finding: Finding {
    let check = "pocl's kernel cache"
    var path = directory
    while access(path, F_OK) != 0, let parent = parent(of: path) { path = parent }
    var status = stat()
    let isDirectory = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    if isDirectory, access(path, W_OK | X_OK) == 0 { return .good(check, "\(directory) can be written to") }
    return .bad(
      check, "\(directory) cannot be written to (\(isDirectory ? "no permission for \(path)" : "\(path) is no directory")):"
        + " pocl then shows no devices",
      remedy: "export POCL_CACHE_DIR=$(mktemp -d)")
  }

  private static func parent(of path: String) -> String? {
    guard path != "/", path != "." else { return nil }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
