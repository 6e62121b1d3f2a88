import ALS
import ArgumentParser
import SampleRatings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SamplePreset: ExpressibleByArgument {}

/// `gpuals generate`.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write a sample of ratings that looks like Yahoo! Music.",
    discussion: """
      Writes ratings.tsv (user, artist, rating 0 to 100) and artists.tsv (artist, name) into a directory. Behind the \
      ratings are listeners who like a few genres, and an artist's name tells the genre, so that one can see whether \
      recommendations make sense. The same seed gives the same bytes.

      Presets (users × items, ratings):
        tiny      2,000 × 1,000, 50 thousand
        small     6,040 × 3,706, 1 million
        ml20m     138,493 × 26,744, 20 million
        netflix   480,189 × 17,770, 99 million
        yahoo-r1  1,948,882 × 98,211, 116 million

      Example:
        gpuals generate --preset tiny --output sample
      """)

  @Option(help: ArgumentHelp("The size of the sample.", valueName: "NAME"))
  var preset: SamplePreset?

  @OptionGroup var size: SampleSizeOptions

  @Option(help: ArgumentHelp("What all random choices follow from.", valueName: "S"))
  var seed: UInt64 = 42

  @Option(help: ArgumentHelp("The directory to write to; it is made if missing.", valueName: "DIR"))
  var output: String

  @Flag(help: "Print a JSON summary on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if preset == nil, !size.isComplete {
      throw ValidationError("Give --preset, or all of --users, --items and --ratings.")
    }
  }

  func run() throws {
    // The validation above: without a preset all three numbers are there.
    let shape = try size.shape(base: preset?.shape)
    let notices = progress.notices
    Interruption.shared.set(
      .atOnce(
        message: "interrupted: nothing was written",
        removing: ["ratings.tsv", "artists.tsv"].map { "\(output)/\($0).partial" },
        directory: access(output, F_OK) == 0 ? nil : output))
    let start = ContinuousClock.now
    let summary = try SampleGenerator(shape: shape, seed: seed).write(to: output) { done, total in
      notices.progress(Self.status(done: done, total: total, since: start))
    }
    StatusLine.shared.clear()
    tell(summary, seconds: (ContinuousClock.now - start).inSeconds, notices)
    if json { try JSONDocument.print(GeneratedSample(summary)) }
  }

  private static func status(done: Int, total: Int, since start: ContinuousClock.Instant) -> ProgressStatus {
    let rate = Double(done) / max((ContinuousClock.now - start).inSeconds, 1e-3)
    return ProgressStatus(
      label: "generating", fraction: Double(done) / Double(max(1, total)),
      details: [
        Quantity.timeLeft(Double(total - done) / max(rate, 1)), "\(Quantity.abbreviated(rate)) ratings/s",
      ])
  }

  private func tell(_ summary: SampleSummary, seconds: Double, _ notices: Notices) {
    notices.note(
      "wrote \(Quantity.counted(summary.shape.ratings, "rating")) of \(Quantity.counted(summary.shape.users, "user"))"
        + " and \(Quantity.counted(summary.shape.items, "item")) to \(summary.ratingsPath)"
        + " (\(Quantity.bytes(UInt64(summary.ratingsBytes)))) in \(Quantity.duration(seconds)),"
        + " the names to \(summary.artistsPath)")
    let listeners = summary.listeners.prefix(4).map { "\($0.userID) (\($0.genre.rawValue))" }
    if !listeners.isEmpty {
      notices.note("listeners with one favourite genre: \(listeners.joined(separator: ", ")), …")
    }
    notices.note(
      "try: gpuals train \(ShellWord.quoted(summary.ratingsPath)) --dataset yahoo-r1"
        + " --item-names \(ShellWord.quoted(summary.artistsPath)) --holdout 0.1 --model model")
  }
}

/// The JSON of `generate`.
private struct GeneratedSample: Encodable {
  struct Listener: Encodable {
    var genre: String
    var user: String
    var ratings: Int
  }

  var users: Int
  var items: Int
  var ratings: Int
  var seed: UInt64
  var ratingsFile: String
  var artistsFile: String
  var listeners: [Listener]

  enum CodingKeys: String, CodingKey {
    case users, items, ratings, seed, listeners
    case ratingsFile = "ratings_file"
    case artistsFile = "artists_file"
  }

  init(_ summary: SampleSummary) {
    users = summary.shape.users
    items = summary.shape.items
    ratings = summary.shape.ratings
    seed = summary.seed
    ratingsFile = summary.ratingsPath
    artistsFile = summary.artistsPath
    listeners = summary.listeners.map {
      Listener(genre: $0.genre.rawValue, user: String($0.userID), ratings: $0.ratings)
    }
  }
}
