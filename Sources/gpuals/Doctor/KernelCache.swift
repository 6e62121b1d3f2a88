import ALSOpenCL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where compiled kernels are kept between runs: pocl's by itself, those of other drivers by gpuals.
enum KernelCache {
  /// pocl's directory, by the variables that it looks at.
  static var poclDirectory: String {
    func set(_ name: String) -> String? { Terminal.environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if let own = set("POCL_CACHE_DIR") { return own }
    if let cache = set("XDG_CACHE_HOME") { return "\(cache)/pocl/kcache" }
    if let home = set("HOME") { return "\(home)/.cache/pocl/kcache" }
    return "/tmp/pocl/kcache"
  }

  /// Whether pocl's can be written to, or made. Where not, pocl offers no devices and does not say why.
  static var poclFinding: Finding {
    finding("pocl's kernel cache", poclDirectory) {
      .bad($0, "\($1); pocl then shows no devices", remedy: "export POCL_CACHE_DIR=$(mktemp -d)")
    }
  }

  /// Whether that of gpuals can. It works without.
  static var ownFinding: Finding {
    let check = "kernel cache"
    guard let directory = ProgramStore.standardDirectory else {
      return .bad(
        check, "there is no place for it, so kernels may be compiled anew in each run", remedy: "export HOME=…")
    }
    return finding(check, directory) {
      .bad($0, "\($1), so kernels may be compiled anew in each run", remedy: "export GPUALS_CACHE_DIR=DIRECTORY")
    }
  }

  private static func finding(_ check: String, _ directory: String, otherwise: (String, String) -> Finding) -> Finding {
    var path = directory
    while access(path, F_OK) != 0, let parent = parent(of: path) { path = parent }
    // Permissions alone do not tell: root passes them all, and read-only file systems know none.
    let probe = "\(path)/.gpuals-doctor-\(getpid())"
    guard mkdir(probe, 0o700) == 0 else {
      return otherwise(check, "\(directory) cannot be written to (\(path): \(String(cString: strerror(errno))))")
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
