/// A report as one HTML document that needs nothing else: no script, no font, no network.
public struct ReportPage: Sendable {
  private let report: Report

  /// A page of a report.
  public init(_ report: Report) { self.report = report }

  /// The document, in UTF-8.
  public func html() -> String {
    var html = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(Markup.escaped(report.title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <header><h1>\(Markup.escaped(report.title))</h1><p>\(Markup.escaped(report.summary))</p></header>
      <div class="figures">

      """
    for figure in report.figures {
      html += "<div class=\"figure\"><span>\(Markup.escaped(figure.label))</span><b>\(Markup.escaped(figure.value))</b>"
      html += "<small>\(Markup.escaped(figure.note ?? ""))</small></div>\n"
    }
    html += "</div>\n<main>\n"
    for section in report.sections {
      html += "<section><h2>\(Markup.escaped(section.title))</h2><p>\(Markup.escaped(section.text))</p>\n"
      html += section.blocks.map(Self.html).joined(separator: "\n")
      html += "</section>\n"
    }
    return html + "</main>\n<footer>\(Markup.escaped(report.footer))</footer>\n</body>\n</html>\n"
  }

  private static func html(_ block: Report.Block) -> String {
    switch block {
    case .lines(let chart): chart.svg()
    case .bars(let chart): chart.svg()
    case .points(let chart): chart.svg()
    case .table(let table): "<div class=\"scroll\">\(table.html())</div>"
    case .row(let blocks, let columns):
      "<div class=\"row\" style=\"--columns:\(columns)\">"
        + blocks.map { "<div>\(html($0))</div>" }.joined(separator: "\n") + "</div>"
    }
  }

  private static let style = """
    :root { --page: #f6f7f9; --card: #fff; --ink: #1b1f24; --soft: #5b6472; --line: #e2e5ea;
      --c1: #2563eb; --c2: #d9730d; --c3: #0e9384; --c4: #9333ea; }
    @media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #181d23; --ink: #e8ebef; --soft: #9aa5b4;
      --line: #2b323b; --c1: #6ea8fe; --c2: #f5a94f; --c3: #43c6b5; --c4: #c58bfb; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1180px; padding: 28px 20px; background: var(--page); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    h1 { margin: 0; font-size: 28px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
    header p, section > p, footer { color: var(--soft); }
    header p { margin: 4px 0 20px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
    .figure, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
    .figure { padding: 12px 14px; display: flex; flex-direction: column; }
    .figure span, .figure small { color: var(--soft); font-size: 13px; }
    .figure b { font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; }
    main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr)); gap: 16px; margin: 16px 0; }
    section { padding: 16px 18px; min-width: 0; }
    section:has(.row) { grid-column: 1 / -1; }
    h2 { margin: 0 0 2px; font-size: 17px; }
    section > p { margin: 0 0 12px; font-size: 14px; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    .grid { stroke: var(--line); } .base { stroke: var(--soft); }
    .tick, .label, .legend { fill: var(--soft); font-size: 12px; } .legend { fill: var(--ink); font-size: 13px; }
    .fill1 { fill: var(--c1); } .fill2 { fill: var(--c2); } .fill3 { fill: var(--c3); } .fill4 { fill: var(--c4); }
    .line1, .line2, .line3, .line4 { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
    .line1 { stroke: var(--c1); } .line2 { stroke: var(--c2); } .line3 { stroke: var(--c3); } .line4 { stroke: var(--c4); }
    .dot { fill: var(--c1); fill-opacity: 0.45; }
    rect[class^=fill]:hover, circle:hover { opacity: 0.7; }
    .row { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 12px 36px; }
    @media (max-width: 900px) { .row { grid-template-columns: minmax(0, 1fr); } }
    tr.soft td { color: var(--soft); } tr.soft + tr:not(.soft) td { border-top: 1px solid var(--soft); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding: 8px 0 4px; }
    th { text-align: left; color: var(--soft); font-weight: 500; }
    th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    th.number, td.number { text-align: right; padding-right: 0; white-space: nowrap; }
    td.number + td, th.number + th { padding-left: 14px; }
    td.bar { white-space: nowrap; text-align: right; width: 34%; padding-right: 0; }
    .track { display: inline-block; width: calc(100% - 52px); height: 8px; border-radius: 4px; background: var(--line); }
    .track span { display: block; height: 8px; border-radius: 4px; background: var(--c1); }
    .value { display: inline-block; width: 46px; }
    footer { font-size: 13px; }
    @media print { body { background: #fff; } section { break-inside: avoid; } }
    """
}
