import ALS
import ArgumentParser
import RatingsIO

/// `gpuals inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Read ratings as 'train' would, and say what they are.",
    discussion: """
      Reads RATINGS and arranges them by user and by item, as 'train' does before its first iteration, and prints how \
      many there are, how dense, within which range, and how long reading took. Nothing is trained, and no device is \
      needed.

      Examples:
        gpuals inspect ratings.csv
        gpuals inspect ydata-ymusic-user-artist-ratings-v1_0.txt --dataset yahoo-r1 --json
      """)

  @Argument(help: ArgumentHelp("Files or directories of ratings, or - for standard input.", valueName: "RATINGS"))
  var ratings: [String]

  @Flag(help: "Read as for implicit training: repeated ratings of a pair are added.")
  var implicit = false

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @Flag(help: "Print a JSON document on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if ratings.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  func run() throws {
    let notices = progress.notices
    let options = reading.readOptions(for: implicit ? .implicit(alpha: 1) : .explicit)
    let clock = ContinuousClock()
    let start = clock.now
    let set = try RatingsReader(options: options)
      .read(ratings.map { Location($0) }, progress: notices.byteProgress("reading"))
    let readEnd = clock.now
    StatusLine.shared.clear()
    ReadingNotices(report: set.report, options: options).tell(notices)
    let data = try TrainingData(ratings: set.ratings)
    let inspection = Inspection(
      data, report: set.report, readSeconds: (readEnd - start).inSeconds, buildSeconds: (clock.now - readEnd).inSeconds)
    if json {
      try JSONDocument.print(inspection)
    } else {
      try StandardOutput.shared.write(inspection.table.text())
    }
  }
}
