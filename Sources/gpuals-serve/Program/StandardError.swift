#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where logs and failures go. Nothing is buffered; that it cannot be written to is nothing to be told about.
enum StandardError {
  /// Writes a text in one call where the system allows, so that lines do not mix.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        #if canImport(Glibc)
          let written = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
          let written = Musl.write(STDERR_FILENO, rest.baseAddress, rest.count)
        #else
          let written = Darwin.write(STDERR_FILENO, rest.baseAddress, rest.count)
        #endif
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
  }
}
