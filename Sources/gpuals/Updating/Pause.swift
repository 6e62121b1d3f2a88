#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Waiting for what comes from outside.
enum Pause {
  /// Waits, and ends early when a signal has asked for the end.
  ///
  /// - Returns: whether it waited to the end.
  @discardableResult
  static func wait(_ seconds: Double) -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {
      if Interruption.shared.requested != nil { return false }
      usleep(50_000)
    }
    return true
  }
}
