import ALS
import ArgumentParser
import RatingsIO
import Reporting

/// `gpuals report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show a model in one HTML file: what it learned, from what, and what it recommends.",
    discussion: """
      The page holds the learning curve, the distribution of the ratings, how often items are recommended beside how \
      popular they are, the error by the activity of users, coverage, recommendations for some users, neighbourhoods of \
      some items, parameters and timings; after 'gpuals tune', the trials as well. It needs nothing but itself, in light \
      and dark. Errors are those of the training ratings, or of --test.

      Examples:
        gpuals report --model model --output report.html
        gpuals report --model model --test test.tsv --users 17,42 --items "The Blue Quartet" --output report.html
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("The file to write.", valueName: "FILE"))
  var output: String

  @Option(help: ArgumentHelp("Ratings that the model has not seen, to measure its error on.", valueName: "FILE"))
  var test: String?

  @Option(help: ArgumentHelp("The training ratings, if the model keeps none.", valueName: "RATINGS"))
  var ratings: [String] = []

  @Option(
    help: ArgumentHelp(
      "Users to show recommendations for. (default: four of different activity)", valueName: "ID,…"),
    transform: { ListText.parts(of: $0) })
  var users: [[String]] = []

  @Option(
    help: ArgumentHelp(
      "Items to show the neighbours of, by id or name. (default: six popular ones that differ)", valueName: "ID,…"),
    transform: { ListText.parts(of: $0) })
  var items: [[String]] = []

  @Option(name: [.customShort("n"), .customLong("count")], help: ArgumentHelp("Length of the lists.", valueName: "N"))
  var count = 10

  @Option(help: ArgumentHelp("What the page is headed. (default: the directory's name)", valueName: "TEXT"))
  var title: String?

  @OptionGroup(title: "Where lists are computed")
  var device: ListDeviceOptions

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    guard (1...100).contains(count) else { throw ValidationError("-n is \(count), but must be from 1 to 100.") }
  }

  func run() throws {
    let notices = progress.notices
    let material = try ReportMaterial(
      model: model, test: test, ratings: ratings, count: count, device: device, reading: reading, notices: notices)
    let examples = try ReportExamples(
      material, users: Array(users.joined()), items: Array(items.joined()), model: model.model)
    let report = ReportComposition(
      material: material, examples: examples, title: title,
      trials: TrialLog.ofModel(model.model, parameters: material.manifest.parameters)
    ).report
    let file = try AtomicFile(output)
    try ReportPage(report).html().utf8CString.withUnsafeBytes {
      try file.write(UnsafeRawBufferPointer(rebasing: $0.dropLast()))
    }
    try file.commit()
    notices.note("wrote \(output)")
  }
}
