import CFuzzer
import Glibc

/// libFuzzer, driven from here.
public enum Fuzzer {
  /// What is done with each input. A function of C cannot carry it along; it is set once, before the first input.
  nonisolated(unsafe) private static var check: (UnsafeBufferPointer<UInt8>) -> Void = { _ in }

  /// Runs the fuzzer with the arguments of the command line, and ends the process with its status.
  ///
  /// - Parameter check: crashes where an input shows a fault.
  public static func run(_ check: @escaping (UnsafeBufferPointer<UInt8>) -> Void) -> Never {
    Self.check = check
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    let status = withUnsafeMutablePointer(to: &arguments) { pointer in
      pointer.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1) {
        LLVMFuzzerRunDriver(&count, $0) { bytes, size in
          Fuzzer.check(UnsafeBufferPointer(start: bytes, count: size))
          return 0
        }
      }
    }
    exit(status)
  }
}
