import ArgumentParser

/// An amount of memory as people write it: 512M, 8G, 1.5GiB, or a number of bytes. K, M, G and T, alone or with iB, are powers of
/// 1024; with B alone they are powers of 1000.
struct MemorySize: Sendable, Equatable, ExpressibleByArgument {
  /// In bytes.
  var bytes: UInt64

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), number > 0 else { return nil }
    let scales: [String: Double] = [
      "": 1, "b": 1, "k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40, "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30,
      "tib": 0x1p40, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
    ]
    let unit = argument.dropFirst(digits.count).lowercased()
    guard let scale = scales[unit], number * scale >= 1, number * scale < 0x1p63 else { return nil }
    bytes = UInt64(number * scale)
  }
}
