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
    // Permissions alone do not tell: root passes them all, and read-only file systems know none.
    let probe = "\(path)/.gpuals-doctor-\(getpid())"
    guard mkdir(probe, 0o700) == 0 else {
      let reason = String(cString: strerror(errno))
      return .bad(
        check, "\(directory) cannot be written to (\(path): \(reason)); pocl then shows no devices",
        remedy: "export POCL_CACHE_DIR=$(mktemp -d)")
    }
    rmdir(probe)
    return .good(check, "\(directory) can be written to")
  }

  private static func parent(of path: String) -> String? {
    guard path != "/", path != "." else { return nil }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
