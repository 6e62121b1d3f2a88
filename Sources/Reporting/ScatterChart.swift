/// Things by two measures, as points.
public struct ScatterChart: Sendable {
  /// One thing.
  public struct Point: Sendable {
    /// Its place along the axis below.
    public var x: Double
    /// Its place along the axis at the left.
    public var y: Double
    /// What it is called.
    public var name: String

    /// Gives all.
    public init(x: Double, y: Double, name: String) {
      self.x = x
      self.y = y
      self.name = name
    }
  }

  /// What it shows, for those who cannot see it.
  public var title: String
  /// The axis below.
  public var x: Axis
  /// The axis at the left.
  public var y: Axis
  /// The things, in any order.
  public var points: [Point]

  /// Gives all.
  public init(_ title: String, x: Axis, y: Axis, points: [Point]) {
    self.title = title
    self.x = x
    self.y = y
    self.points = points
  }

  /// As SVG.
  func svg() -> String {
    let (xScale, yScale) = (x.scale(points.map(\.x)), y.scale(points.map(\.y)))
    let frame = ChartFrame(tickTexts: yScale.ticks.map(yScale.text), hasLegend: false)
    var content = frame.horizontalLines(yScale) + frame.ticksBelow(xScale) + frame.labels(x: x.label, y: y.label)
    for point in points {
      guard let px = xScale.position(point.x), let py = yScale.position(point.y) else { continue }
      content +=
        "<circle class=\"dot\" cx=\"\(Markup.number(frame.x(px)))\" cy=\"\(Markup.number(frame.y(py)))\" r=\"3\">"
        + "<title>\(Markup.escaped(point.name))</title></circle>"
    }
    return ChartFrame.picture(title: title, content)
  }
}
