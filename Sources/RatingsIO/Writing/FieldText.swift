/// The text of single values in each syntax, appended to the bytes of a row. Nothing here depends on the locale.
enum FieldText {
  /// Appends a text, quoted or escaped as the syntax demands.
  static func append(_ text: some Collection<UInt8>, as syntax: TableForm.Syntax, to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: text)
    switch syntax {
    case .csv: quoteCSV(from: start, in: &output)
    case .tsv:
      for position in start..<output.count where isBreak(output[position]) || output[position] == UInt8(ascii: "\t") {
        output[position] = UInt8(ascii: " ")
      }
    case .jsonl: quoteJSON(from: start, in: &output)
    }
  }

  /// Appends the shortest text that reads back as the same number. What is not finite is `nan`, `inf` or `-inf`, and in JSON,
  /// which has none of them, `null`.
  static func append(
    _ value: some BinaryFloatingPoint & CustomStringConvertible, as syntax: TableForm.Syntax, to output: inout [UInt8]
  ) {
    if syntax == .jsonl, !value.isFinite {
      output.append(contentsOf: "null".utf8)
    } else {
      output.append(contentsOf: (value.isNaN ? "nan" : value.description).utf8)
    }
  }

  /// Appends a whole number.
  static func append(_ value: Int, to output: inout [UInt8]) {
    output.append(contentsOf: value.description.utf8)
  }

  private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// RFC 4180: a field with a comma, a quote or a line break is quoted, and quotes in it are doubled.
  private static func quoteCSV(from start: Int, in output: inout [UInt8]) {
    let needsQuotes = output[start...].contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || isBreak($0) }
    guard needsQuotes else { return }
    let field = Array(output[start...])
    output.removeSubrange(start...)
    output.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == UInt8(ascii: "\"") { output.append(byte) }
      output.append(byte)
    }
    output.append(UInt8(ascii: "\""))
  }

  /// RFC 8259: quotes, backslashes and control characters are escaped; bytes that are no UTF-8 become U+FFFD.
  private static func quoteJSON(from start: Int, in output: inout [UInt8]) {
    var isASCII = true
    var isPlain = true
    for byte in output[start...] {
      if byte >= 0x80 { isASCII = false }
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { isPlain = false }
    }
    if isASCII, isPlain {
      output.insert(UInt8(ascii: "\""), at: start)
      output.append(UInt8(ascii: "\""))
      return
    }
    let field = Array(output[start...])
    output.removeSubrange(start...)
    output.append(UInt8(ascii: "\""))
    for byte in isASCII ? field : Array(String(decoding: field, as: UTF8.self).utf8) {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0x0D: output.append(contentsOf: "\\r".utf8)
      case 0x09: output.append(contentsOf: "\\t".utf8)
      case ..<0x20:
        output.append(contentsOf: "\\u00".utf8)
        for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10) }
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
