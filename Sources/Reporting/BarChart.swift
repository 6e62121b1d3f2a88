/// Values of categories, as bars.
public struct BarChart: Sendable {
  /// Bars of one colour, one for each category.
  public struct Series: Sendable {
    /// What the legend calls it.
    public var name: String
    /// One value for each category; `nil` where there is none.
    public var values: [Double?]

    /// Gives both.
    public init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// What it shows, for those who cannot see it.
  public var title: String
  /// What the categories are.
  public var xLabel: String
  /// The axis at the left.
  public var y: Axis
  /// Their names, from left to right.
  public var categories: [String]
  /// What is added to the text over a bar, for each category.
  public var remarks: [String]
  /// At most four.
  public var series: [Series]
  /// How a value is written.
  public var format: @Sendable (Double) -> String

  /// Gives all.
  public init(
    _ title: String, xLabel: String, y: Axis, categories: [String], remarks: [String] = [], series: [Series],
    format: @escaping @Sendable (Double) -> String
  ) {
    self.title = title
    self.xLabel = xLabel
    self.y = y
    self.categories = categories
    self.remarks = remarks
    self.series = series
    self.format = format
  }

  /// As SVG.
  func svg() -> String {
    var axis = y
    axis.startsAtZero = true
    let scale = axis.scale(series.flatMap(\.values).compactMap { $0 })
    let frame = ChartFrame(tickTexts: scale.ticks.map(scale.text), hasLegend: series.count > 1)
    var content = frame.horizontalLines(scale)
    if series.count > 1 { content += frame.legend(series.map(\.name)) }
    let slot = frame.plotWidth / Double(max(1, categories.count))
    let gap = min(slot * 0.25, 18)
    let width = (slot - gap) / Double(max(1, series.count))
    // Where names have no room side by side, only each so-manieth is written.
    let longest = Double(categories.map(\.count).max() ?? 1) * 7 + 8
    let every = max(1, Int((longest / slot).rounded(.up)))
    let zero = scale.position(0) ?? 0
    for (index, category) in categories.enumerated() {
      let left = frame.left + Double(index) * slot + gap / 2
      if index % every == 0 { content += frame.textBelow(category, at: left + (slot - gap) / 2) }
      for (number, bars) in series.enumerated() {
        guard index < bars.values.count, let value = bars.values[index], let share = scale.position(value) else {
          continue
        }
        let (top, bottom) = (frame.y(max(share, zero)), frame.y(min(share, zero)))
        let remark = index < remarks.count && !remarks[index].isEmpty ? " (\(remarks[index]))" : ""
        let name = series.count > 1 ? "\(bars.name), " : ""
        content +=
          "<rect class=\"fill\(number + 1)\" x=\"\(Markup.number(left + Double(number) * width))\""
          + " y=\"\(Markup.number(top))\" width=\"\(Markup.number(max(1, width - 1)))\""
          + " height=\"\(Markup.number(max(0, bottom - top)))\" rx=\"1.5\">"
          + "<title>\(Markup.escaped("\(name)\(category): \(format(value))\(remark)"))</title></rect>"
      }
    }
    return ChartFrame.picture(title: title, content + frame.labels(x: xLabel, y: y.label))
  }
}
