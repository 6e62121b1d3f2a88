/// The frame of a chart: its size, the lines at the ticks, and what is written at the edges.
struct ChartFrame {
  static let width = 640.0
  static let height = 320.0
  let left: Double
  let right = 16.0
  let top: Double
  let bottom = 46.0

  /// - Parameters:
  ///   - tickTexts: what stands left of the chart, which takes as much room as its longest text.
  ///   - hasLegend: whether room is left above.
  init(tickTexts: [String], hasLegend: Bool) {
    left = 34 + 7 * Double(max(2, tickTexts.map(\.count).max() ?? 2))
    top = hasLegend ? 34 : 12
  }

  var plotWidth: Double { Self.width - left - right }
  var plotHeight: Double { Self.height - top - bottom }
  func x(_ share: Double) -> Double { left + share * plotWidth }
  func y(_ share: Double) -> Double { top + (1 - share) * plotHeight }

  /// Horizontal lines and the numbers beside them.
  func horizontalLines(_ scale: Axis.Scale) -> String {
    scale.ticks.map { tick in
      guard let share = scale.position(tick) else { return "" }
      let y = Markup.number(y(share))
      return
        "<line class=\"grid\" x1=\"\(Markup.number(left))\" x2=\"\(Markup.number(x(1)))\" y1=\"\(y)\" y2=\"\(y)\"/>"
        + "<text class=\"tick\" x=\"\(Markup.number(left - 8))\" y=\"\(y)\" dy=\"0.32em\" text-anchor=\"end\">"
        + "\(Markup.escaped(scale.text(tick)))</text>"
    }.joined()
  }

  /// The numbers below the chart.
  func ticksBelow(_ scale: Axis.Scale) -> String {
    scale.ticks.map { tick in
      guard let share = scale.position(tick) else { return "" }
      return textBelow(scale.text(tick), at: x(share))
    }.joined()
  }

  /// A text below the chart.
  func textBelow(_ text: String, at x: Double) -> String {
    "<text class=\"tick\" x=\"\(Markup.number(x))\" y=\"\(Markup.number(y(0) + 18))\" text-anchor=\"middle\">"
      + "\(Markup.escaped(text))</text>"
  }

  /// What the axes measure.
  func labels(x xLabel: String, y yLabel: String) -> String {
    let middle = Markup.number(top + plotHeight / 2)
    return
      "<line class=\"base\" x1=\"\(Markup.number(left))\" x2=\"\(Markup.number(x(1)))\" y1=\"\(Markup.number(y(0)))\""
      + " y2=\"\(Markup.number(y(0)))\"/>"
      + "<text class=\"label\" x=\"\(Markup.number(left + plotWidth / 2))\" y=\"\(Markup.number(Self.height - 6))\""
      + " text-anchor=\"middle\">\(Markup.escaped(xLabel))</text>"
      + "<text class=\"label\" x=\"12\" y=\"\(middle)\" text-anchor=\"middle\" transform=\"rotate(-90 12 \(middle))\">"
      + "\(Markup.escaped(yLabel))</text>"
  }

  /// Names of series above the chart, each beside its colour.
  func legend(_ names: [String]) -> String {
    var x = left
    return names.enumerated().map { index, name in
      let mark =
        "<rect class=\"fill\(index + 1)\" x=\"\(Markup.number(x))\" y=\"8\" width=\"12\" height=\"12\" rx=\"2\"/>"
      let text = "<text class=\"legend\" x=\"\(Markup.number(x + 18))\" y=\"18\">\(Markup.escaped(name))</text>"
      x += 36 + 7.2 * Double(name.count)
      return mark + text
    }.joined()
  }

  /// The whole picture.
  ///
  /// - Parameter title: read out in its place by screen readers.
  static func picture(title: String, _ content: String) -> String {
    "<svg role=\"img\" aria-label=\"\(Markup.escaped(title))\" viewBox=\"0 0 \(Int(width)) \(Int(height))\">\(content)</svg>"
  }
}
