#if canImport(Glibc)
  import Glibc
#endif

/// Memory for the arrays of a model.
enum LargeBlocks {
  /// Has blocks of 4 MiB and more go back to the system when they are freed. glibc would keep such room once it has freed some, and
  /// the service would stay at the size of two or three models after the first swaps.
  static func returnToSystem() {
    #if canImport(Glibc)
      // malloc.h is no part of the module: the function is asked for by name.
      typealias Function = @convention(c) (_ option: Int32, _ value: Int32) -> Int32
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let thresholdForMapping: Int32 = -3
      _ = unsafeBitCast(symbol, to: Function.self)(thresholdForMapping, 4 << 20)
    #endif
  }
}
