/// Rows of cells.
public struct ReportTable: Sendable {
  /// A cell.
  public enum Cell: Sendable {
    /// Flush left.
    case text(String)
    /// Flush right.
    case number(String)
    /// A share from 0 to 1, as a bar beside its text.
    case bar(Double, String)
  }

  /// What stands above it, if anything.
  public var caption: String?
  /// Headings of the columns; none are shown where there are none.
  public var columns: [String]
  /// The cells of each row, as many as there are columns.
  public var rows: [[Cell]]
  /// So many of the first rows are there for comparison, and stand back.
  public var softRows: Int

  /// Gives all.
  public init(caption: String? = nil, columns: [String] = [], rows: [[Cell]], softRows: Int = 0) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.softRows = softRows
  }

  /// As HTML.
  func html() -> String {
    var html = "<table>"
    if let caption { html += "<caption>\(Markup.escaped(caption))</caption>" }
    if !columns.isEmpty {
      let isNumber = columns.indices.map { column in
        rows.first.map { row in if column < row.count, case .text = row[column] { false } else { true } } ?? false
      }
      html += "<thead><tr>"
      for (column, name) in columns.enumerated() {
        html += "<th\(isNumber[column] ? " class=\"number\"" : "")>\(Markup.escaped(name))</th>"
      }
      html += "</tr></thead>"
    }
    html += "<tbody>"
    for (index, row) in rows.enumerated() {
      html += (index < softRows ? "<tr class=\"soft\">" : "<tr>") + row.map(Self.html).joined() + "</tr>\n"
    }
    return html + "</tbody></table>"
  }

  private static func html(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): "<td>\(Markup.escaped(text))</td>"
    case .number(let text): "<td class=\"number\">\(Markup.escaped(text))</td>"
    case .bar(let share, let text):
      "<td class=\"bar\"><span class=\"track\"><span style=\"width:\(Markup.number(100 * max(0, min(1, share))))%\"></span></span>"
        + "<span class=\"value\">\(Markup.escaped(text))</span></td>"
    }
  }
}
