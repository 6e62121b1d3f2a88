/// How ratings are to be read. Every property has a default that looks at the data.
public struct ReadOptions: Sendable {
  /// The format; `nil` finds it out file by file.
  public var format: RatingsFormat?
  /// The columns; `nil` finds them out file by file.
  public var columns: ColumnSelection?
  /// Values that are no ratings; the first rule for a value counts.
  public var ratingMap: [RatingRule]
  /// Items whose rows are left out.
  public var dropItems: Set<String>
  /// What becomes of several ratings of one pair.
  public var duplicates: DuplicatePolicy
  /// What becomes of a malformed row.
  public var onError: MalformedRowPolicy
  /// The ratings to read, by their time; `nil`: all, whatever their time, if they have one.
  public var times: TimeRange?
  /// Whether times are collected, and nothing else.
  var collectsTimes = false

  /// Whether every row must have a time.
  var needsTimes: Bool { times != nil || collectsTimes }

  /// Gives the options.
  public init(
    format: RatingsFormat? = nil, columns: ColumnSelection? = nil, ratingMap: [RatingRule] = [],
    dropItems: Set<String> = [], duplicates: DuplicatePolicy = .last, onError: MalformedRowPolicy = .stop
  ) {
    self.format = format
    self.columns = columns
    self.ratingMap = ratingMap
    self.dropItems = dropItems
    self.duplicates = duplicates
    self.onError = onError
  }

  /// The options for Yahoo! Music R1.
  public static var yahooR1: ReadOptions {
    var options = ReadOptions()
    options.apply(.yahooR1)
    return options
  }

  /// Adds what is known about a data set. Options that were given before keep their say.
  public mutating func apply(_ dataset: Dataset) {
    switch dataset {
    case .yahooR1:
      format = format ?? .tsv
      if !ratingMap.contains(where: { $0.value == 255 }) {
        ratingMap.append(RatingRule(value: 255, replacement: nil))
      }
      dropItems.formUnion(["-100", "-99"])
    }
  }
}
