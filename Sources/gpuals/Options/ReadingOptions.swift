import ALS
import ArgumentParser
import RatingsIO

extension Dataset: ExpressibleByArgument {}
extension DuplicatePolicy: ExpressibleByArgument {}
extension MalformedRowPolicy: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}

/// How ratings are read, wherever ratings are read.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The form of the rating files; .gz and .zst are read as they are. Rows and columns are ids from 1 on in"
        + " matrix-market, from 0 on in npz.", valueName: "FORM"))
  var format = FormatChoice.auto

  @Option(
    help: ArgumentHelp(
      "The columns, by name or 1-based position; of matrices, 2,1,3 takes columns for users. Without a rating column"
        + " each row counts 1.",
      valueName: "user,item[,rating[,timestamp]]"),
    transform: { try ColumnSelection(parsing: $0) })
  var columns: ColumnSelection?

  @Option(
    help: ArgumentHelp(
      "A rating that is a code: 255=drop drops its rows, 255=0 puts another value in its place. May be repeated.",
      valueName: "255=drop"),
    transform: { text in try ListText.parts(of: text).map { try RatingRule(parsing: $0) } })
  var ratingMap: [[RatingRule]] = []

  @Option(
    help: ArgumentHelp("Ids of items whose rows are dropped.", valueName: "ID,…"),
    transform: { ListText.parts(of: $0) })
  var dropItems: [[String]] = []

  @Option(
    help: ArgumentHelp(
      "A known data set: yahoo-r1 stands for --format tsv --rating-map 255=drop --drop-items -100,-99.",
      valueName: "NAME"))
  var dataset: Dataset?

  @Option(
    help: ArgumentHelp(
      "What becomes of several ratings of one item by one user. (default: last; sum with --implicit, unless rows"
        + " carry operations)",
      valueName: "POLICY"))
  var duplicates: DuplicatePolicy?

  @Option(
    help: ArgumentHelp(
      "What becomes of a malformed row: stop, or skip it and say so (more than 1 in 100 stop all the same).",
      valueName: "POLICY"))
  var onError = MalformedRowPolicy.stop

  /// The options as the library takes them.
  func readOptions(for feedback: Feedback) -> ReadOptions {
    var options = ReadOptions(
      format: format.format, columns: columns, ratingMap: ratingMap.flatMap { $0 },
      dropItems: Set(dropItems.joined()), duplicates: duplicates, onError: onError)
    options.defaultDuplicates = feedback.isImplicit ? .sum : .last
    if let dataset { options.apply(dataset) }
    return options
  }
}
