/// Values along an axis, as lines.
public struct LineChart: Sendable {
  /// One line.
  public struct Series: Sendable {
    /// What the legend calls it.
    public var name: String
    /// Ascending in x.
    public var points: [(x: Double, y: Double)]

    /// Gives both.
    public init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  /// What it shows, for those who cannot see it.
  public var title: String
  /// The axis below.
  public var x: Axis
  /// The axis at the left.
  public var y: Axis
  /// At most four.
  public var series: [Series]
  /// How a y value is written.
  public var format: @Sendable (Double) -> String
  /// More points than this are not marked one by one.
  private static let mostMarks = 24

  /// Gives all.
  public init(
    _ title: String, x: Axis, y: Axis, series: [Series], format: @escaping @Sendable (Double) -> String
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.format = format
  }

  /// As SVG.
  func svg() -> String {
    let points = series.flatMap(\.points)
    let (xScale, yScale) = (x.scale(points.map(\.x)), y.scale(points.map(\.y)))
    let frame = ChartFrame(tickTexts: yScale.ticks.map(yScale.text), hasLegend: series.count > 1)
    var content = frame.horizontalLines(yScale) + frame.ticksBelow(xScale) + frame.labels(x: x.label, y: y.label)
    if series.count > 1 { content += frame.legend(series.map(\.name)) }
    for (index, line) in series.enumerated() {
      let places = line.points.compactMap { point -> (x: Double, y: Double, text: String)? in
        guard let px = xScale.position(point.x), let py = yScale.position(point.y) else { return nil }
        return (frame.x(px), frame.y(py), "\(line.name), \(x.label) \(xScale.text(point.x)): \(format(point.y))")
      }
      let path = places.map { "\(Markup.number($0.x)),\(Markup.number($0.y))" }.joined(separator: " ")
      content += "<polyline class=\"line\(index + 1)\" points=\"\(path)\"/>"
      if places.count <= Self.mostMarks {
        for place in places {
          content +=
            "<circle class=\"fill\(index + 1)\" cx=\"\(Markup.number(place.x))\" cy=\"\(Markup.number(place.y))\" r=\"3.5\">"
            + "<title>\(Markup.escaped(place.text))</title></circle>"
        }
      }
    }
    return ChartFrame.picture(title: title, content)
  }
}
