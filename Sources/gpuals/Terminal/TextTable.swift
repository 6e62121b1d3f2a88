/// Rows of cells in aligned columns, for people.
struct TextTable {
  /// Which side the cells of a column are flush with.
  enum Alignment {
    case left, right
  }

  /// Heading and alignment of each column.
  var columns: [(title: String, alignment: Alignment)]
  /// The cells of each row, one for each column.
  var rows: [[String]] = []

  /// Starts a table without rows.
  init(_ columns: [(title: String, alignment: Alignment)]) {
    self.columns = columns
  }

  /// The lines of the table, each ended by a newline. A cell wider than `maximumWidth` is cut, with an ellipsis.
  func text(maximumWidth: Int = 60) -> String {
    let lines = ([columns.map(\.title)] + rows).map { row in row.map { Self.cut($0, to: maximumWidth) } }
    let widths = columns.indices.map { column in lines.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    return lines.map { line in
      let cells = line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - DisplayWidth.of(line[column]))
        return columns[column].alignment == .left ? line[column] + padding : padding + line[column]
      }
      var text = cells.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  private static func cut(_ cell: String, to width: Int) -> String {
    guard DisplayWidth.of(cell) > width else { return cell }
    var text = ""
    for character in cell {
      guard DisplayWidth.of(text) + DisplayWidth.of(String(character)) < width else { break }
      text.append(character)
    }
    return text + "…"
  }
}
