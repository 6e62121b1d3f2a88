#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// ChromeDriver, which opens windows of a real Chromium for the tests, and ends with them.
enum BrowserDriver {
  /// Why there is none, if so.
  static let absence =
    "there is no chromium and chromedriver to test the page with: run scripts/test, which installs them (Debian's chromium and chromium-driver)"

  /// Whether there is one.
  static var isThere: Bool { port != nil || getenv("GPUALS_REQUIRE_BROWSER") != nil }

  /// Where it listens; it is started once.
  static let port: Int? = {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    guard LocalServer.isThere("chromedriver", path: path) else { return nil }
    return LocalServer.start(path: path) { "chromedriver --port=\($0)" }
  }()
}
