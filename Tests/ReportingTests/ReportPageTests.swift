import Reporting
import Testing

struct ReportPageTests {
  private func page(_ blocks: [Report.Block], title: String = "T", text: String = "") -> String {
    ReportPage(
      Report(
        title: title, summary: "S", figures: [Report.Figure("Users", "12", note: "n")],
        sections: [Report.Section("Part", text, blocks)], footer: "F")
    ).html()
  }

  /// The names of elements that are open at the end, or that are closed out of turn.
  private func unbalanced(_ html: String) -> [String] {
    let void: Set = ["meta", "line", "rect", "circle", "polyline"]
    var open: [String] = []
    for part in html.split(separator: "<").dropFirst() {
      guard let name = part.split(whereSeparator: { " >/\n".contains($0) }).first.map(String.init) else { continue }
      if part.hasPrefix("!") { continue }
      if part.hasPrefix("/") {
        if open.last == name { open.removeLast() } else { return [name] }
      } else if !(part.prefix { $0 != ">" }.hasSuffix("/")) && !void.contains(name) || hasContent(part, name) {
        open.append(name)
      }
    }
    return open
  }

  /// A shape that holds a title is closed later.
  private func hasContent(_ part: Substring, _ name: String) -> Bool {
    ["rect", "circle"].contains(name) && !part.prefix { $0 != ">" }.hasSuffix("/")
  }

  private let lines = LineChart(
    "Error", x: Axis("iteration", isWhole: true), y: Axis("RMSE"),
    series: [
      LineChart.Series("training", [(1, 1.5), (2, 0.9), (3, 0.8)]), LineChart.Series("held out", [(1, 1.6), (2, 1.1)]),
    ]
  ) { "\($0)" }

  @Test func `every element is closed, whatever is shown`() {
    let bars = BarChart(
      "Bars", xLabel: "kind", y: Axis("count"), categories: ["a", "b", "c"], remarks: ["1 user"],
      series: [BarChart.Series("one", [1, nil, 3]), BarChart.Series("two", [2, 2])]
    ) { "\($0)" }
    let points = ScatterChart(
      "Points", x: Axis("x", isLogarithmic: true), y: Axis("y", isLogarithmic: true),
      points: [.init(x: 1, y: 10, name: "a"), .init(x: 0, y: 1, name: "no place"), .init(x: 5000, y: 3, name: "b")])
    let table = ReportTable(
      caption: "C", columns: ["name", "value"], rows: [[.text("a"), .number("1")], [.text("b"), .bar(0.5, "50")]],
      softRows: 1)
    let html = page([.lines(lines), .bars(bars), .points(points), .row([.table(table), .table(table)], columns: 2)])
    #expect(unbalanced(html).isEmpty, "\(unbalanced(html))")
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    #expect(!html.contains("no place"), "0 has no place on a logarithmic axis")
    #expect(html.contains("a: 1.0 (1 user)") || html.contains("one, a: 1.0 (1 user)"))
  }

  @Test func `nothing that is shown becomes markup`() {
    let hostile = "<script>alert('x')</script> & \"q\" \u{0}\u{1B}"
    let table = ReportTable(caption: hostile, columns: [hostile], rows: [[.text(hostile)], [.bar(.nan, hostile)]])
    let bars = BarChart(
      hostile, xLabel: hostile, y: Axis(hostile), categories: [hostile], series: [BarChart.Series(hostile, [1])]
    ) { _ in hostile }
    let points = ScatterChart(
      hostile, x: Axis(hostile), y: Axis(hostile), points: [.init(x: 1, y: 1, name: hostile)])
    let html = page([.table(table), .bars(bars), .points(points)], title: hostile, text: hostile)
    #expect(!html.contains("<script") && !html.contains("\u{0}") && !html.contains("\u{1B}"))
    #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;"))
    #expect(unbalanced(html).isEmpty)
  }

  @Test func `a page needs nothing from anywhere`() {
    let html = page([.lines(lines)])
    for reference in ["http", "src=", "href=", "@import", "url("] { #expect(!html.contains(reference)) }
    #expect(html.contains("prefers-color-scheme: dark"))
  }

  @Test func `numbers that are none leave the picture whole`() {
    let odd = LineChart(
      "odd", x: Axis("x"), y: Axis("y"),
      series: [LineChart.Series("s", [(1, .nan), (2, .infinity), (3, 1), (.nan, 2)]), LineChart.Series("empty", [])]
    ) { "\($0)" }
    let html = page([.lines(odd)])
    #expect(unbalanced(html).isEmpty)
    #expect(!html.contains("\"nan") && !html.contains("inf,") && !html.contains(",nan"))
  }

  @Test(arguments: [
    ([0.0, 1.0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ([0.93, 0.95], ["0.930", "0.935", "0.940", "0.945", "0.950"]),
    ([0, 250_000], ["0", "50 k", "100 k", "150 k", "200 k", "250 k"]),
    ([-3, 4], ["−4", "−2", "0", "2", "4"]),
    ([1_000_000, 3_000_000], ["1 M", "1.5 M", "2 M", "2.5 M", "3 M"]),
  ])
  func `ticks are at round numbers`(values: [Double], expected: [String]) {
    let chart = LineChart(
      "t", x: Axis("x"), y: Axis("y"), series: [LineChart.Series("s", values.enumerated().map { (Double($0), $1) })]
    ) { "\($0)" }
    let html = page([.lines(chart)])
    let ticks = html.split(separator: "text-anchor=\"end\">").dropFirst().map { $0.prefix { $0 != "<" } }
    #expect(ticks.map(String.init) == expected)
  }

  @Test func `logarithmic ticks are powers of ten, with what is between where they are few`() {
    func ticks(_ values: [Double]) -> [String] {
      let chart = ScatterChart(
        "t", x: Axis("x"), y: Axis("y", isLogarithmic: true), points: values.map { .init(x: 1, y: $0, name: "") })
      return page([.points(chart)]).split(separator: "text-anchor=\"end\">").dropFirst()
        .map { String($0.prefix { $0 != "<" }) }
    }
    #expect(ticks([1, 20_000]) == ["1", "10", "100", "1 k", "10 k"])
    #expect(ticks([30, 600]) == ["50", "100", "200", "500"])
    #expect(ticks([1, 1e12]).count <= 8)
  }
}
