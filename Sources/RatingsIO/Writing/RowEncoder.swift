/// Writes the rows of a table with fixed columns in one syntax: what stands before each value and behind each row.
struct RowEncoder: Sendable {
  let syntax: TableForm.Syntax
  /// The first line; empty in JSON, where each row names its values.
  let header: [UInt8]
  private let openings: [[UInt8]]
  private let end: [UInt8]

  init(_ syntax: TableForm.Syntax, columns: [String]) {
    self.syntax = syntax
    var header: [UInt8] = []
    var openings: [[UInt8]] = []
    for (index, column) in columns.enumerated() {
      var opening: [UInt8] = []
      switch syntax {
      case .csv: opening = index == 0 ? [] : [UInt8(ascii: ",")]
      case .tsv: opening = index == 0 ? [] : [UInt8(ascii: "\t")]
      case .jsonl:
        opening = [UInt8(ascii: index == 0 ? "{" : ",")]
        FieldText.append(column.utf8, as: .jsonl, to: &opening)
        opening.append(UInt8(ascii: ":"))
      }
      openings.append(opening)
      if syntax != .jsonl {
        header += opening
        FieldText.append(column.utf8, as: syntax, to: &header)
      }
    }
    if syntax != .jsonl { header.append(UInt8(ascii: "\n")) }
    self.header = header
    self.openings = openings
    end = Array((syntax == .jsonl ? "}\n" : "\n").utf8)
  }

  func append(_ text: some Collection<UInt8>, column: Int, to output: inout [UInt8]) {
    output += openings[column]
    FieldText.append(text, as: syntax, to: &output)
  }

  func append(_ value: some BinaryFloatingPoint & CustomStringConvertible, column: Int, to output: inout [UInt8]) {
    output += openings[column]
    FieldText.append(value, as: syntax, to: &output)
  }

  func append(_ value: Int, column: Int, to output: inout [UInt8]) {
    output += openings[column]
    FieldText.append(value, to: &output)
  }

  /// A value that is not known: empty, `null` in JSON.
  func appendNothing(column: Int, to output: inout [UInt8]) {
    output += openings[column]
    if syntax == .jsonl { output.append(contentsOf: "null".utf8) }
  }

  func appendEnd(to output: inout [UInt8]) { output += end }
}
