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
  /// What becomes of several ratings of one pair; `nil`: ``defaultDuplicates`` says, or, where any row carries an operation, the
  /// last one counts. Operations replay what happened to a table, so no other policy goes with them.
  public var duplicates: DuplicatePolicy?
  /// What becomes of several ratings of one pair where ``duplicates`` does not say, and rows carry no operations.
  public var defaultDuplicates = DuplicatePolicy.last
  /// What becomes of a malformed row.
  public var onError: MalformedRowPolicy
  /// The ratings to read, by their time; `nil`: all, whatever their time, if they have one.
  public var times: TimeRange?
  /// Whether times are collected, and nothing else.
  var collectsTimes = false

  /// Whether every row must have a time.
  var needsTimes: Bool { times != nil || collectsTimes }

  /// What becomes of several ratings of one pair, where rows carry operations or not.
  public func duplicatePolicy(withOperations hasOperations: Bool) -> DuplicatePolicy {
    duplicates ?? (hasOperations ? .last : defaultDuplicates)
  }

  /// Gives the options.
  public init(
    format: RatingsFormat? = nil, columns: ColumnSelection? = nil, ratingMap: [RatingRule] = [],
    dropItems: Set<String> = [], duplicates: DuplicatePolicy? = nil, onError: MalformedRowPolicy = .stop
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
