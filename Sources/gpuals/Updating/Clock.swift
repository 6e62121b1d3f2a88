#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time of day.
enum Clock {
  /// Whole seconds since 1970.
  static var secondsSince1970: Int { time(nil) }
}
