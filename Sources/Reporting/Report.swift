/// What a page shows: headline figures, and sections of charts, tables and lists.
public struct Report: Sendable {
  /// What the page is about.
  public var title: String
  /// A sentence below the title.
  public var summary: String
  /// The figures that matter most.
  public var figures: [Figure]
  /// From top to bottom.
  public var sections: [Section]
  /// What stands at the foot of the page: who made it, and from what.
  public var footer: String

  /// A number in large type.
  public struct Figure: Sendable {
    /// What it counts or measures.
    public var label: String
    /// As it is to be read.
    public var value: String
    /// A remark in small type.
    public var note: String?

    /// Gives all.
    public init(_ label: String, _ value: String, note: String? = nil) {
      self.label = label
      self.value = value
      self.note = note
    }
  }

  /// Blocks under a heading.
  public struct Section: Sendable {
    /// The heading.
    public var title: String
    /// What it shows, and how to read it.
    public var text: String
    /// Charts and tables.
    public var blocks: [Block]

    /// Gives all.
    public init(_ title: String, _ text: String, _ blocks: [Block]) {
      self.title = title
      self.text = text
      self.blocks = blocks
    }
  }

  /// A part of a section.
  public enum Block: Sendable {
    /// Values along an axis.
    case lines(LineChart)
    /// Values of categories.
    case bars(BarChart)
    /// Points by two values.
    case points(ScatterChart)
    /// Rows of cells.
    case table(ReportTable)
    /// Blocks side by side, as many as given where the page is wide.
    case row([Block], columns: Int)
  }

  /// Gives all.
  public init(title: String, summary: String, figures: [Figure], sections: [Section], footer: String) {
    self.title = title
    self.summary = summary
    self.figures = figures
    self.sections = sections
    self.footer = footer
  }
}
