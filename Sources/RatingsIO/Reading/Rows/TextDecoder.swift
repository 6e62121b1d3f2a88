/// Bytes to text.
enum TextDecoder {
  /// Whether bytes are valid UTF-8.
  static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.allSatisfy({ $0 < 0x80 }) { return true }
    // Decoding repairs what is not valid, which shows.
    return String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(bytes)
  }

  /// The text of bytes in an encoding.
  static func decode(_ bytes: [UInt8], as encoding: TextEncoding) -> String {
    switch encoding {
    case .utf8:
      return String(decoding: bytes, as: UTF8.self)
    case .windows1252:
      return String(
        decoding: bytes.map { byte in
          (0x80..<0xa0).contains(byte) ? windows1252[Int(byte) - 0x80] : UInt16(byte)
        }, as: UTF16.self)
    }
  }

  /// Code points of 0x80 … 0x9F; the five bytes without a character stand for the control codes of the same number, as on
  /// the web.
  private static let windows1252: [UInt16] = [
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d,
    0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
    0x0153, 0x009d, 0x017e, 0x0178,
  ]
}
