import ALS
import ArgumentParser
import RatingsIO

/// `gpuals update`.
struct UpdateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Fold new, changed and deleted ratings into a model, without training it again.",
    discussion: """
      CHANGES are ratings like those of 'train': a pair that is new is added, with its user and item if need be; one \
      that is known gets the new value. --delete names pairs that go. Every user and item whose ratings have changed is \
      solved anew, exactly as training would solve it; all others stay as they are. Changes that are in the model \
      already have no effect, so that a batch may come twice; with --sequence a batch that is not newer than the last \
      one is passed over unread.

      Examples:
        gpuals update today.tsv --model model
        gpuals update changes.csv --delete withdrawn.csv --model model --output newer
        gpuals update batch-17.tsv --sequence 17 --model model
      """)

  @Argument(help: ArgumentHelp("Files or directories of ratings, or - for standard input.", valueName: "CHANGES"))
  var changes: [String] = []

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("A file of pairs, user and item, whose ratings are deleted.", valueName: "PAIRS"))
  var delete: [String] = []

  @Option(help: ArgumentHelp("The training ratings, if the model keeps none.", valueName: "RATINGS"))
  var ratings: [String] = []

  @Option(help: ArgumentHelp("Write the new model here instead of replacing the old one.", valueName: "DIR"))
  var output: String?

  @Option(help: ArgumentHelp("The number of this batch; batches up to the last one's are passed over.", valueName: "N"))
  var sequence: UInt64?

  @Flag(help: "Solve users alone, which is faster: items keep their factors, and new ones have none yet.")
  var keepItems = false

  @OptionGroup var device: DeviceOptions

  @OptionGroup(title: "How ratings are read")
  var reading: ReadingOptions

  @Flag(help: "Print a JSON summary on standard output.")
  var json = false

  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if changes.isEmpty, delete.isEmpty {
      throw ValidationError("Say what has changed: files of CHANGES, or --delete PAIRS.")
    }
    if (changes + delete + ratings).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  func run() throws {
    let run = UpdateRun(
      changes: changes.map { Location($0) }, deletions: delete.map { Location($0) },
      ratings: ratings.map { Location($0) }, reading: reading, model: model.model, output: output ?? model.model,
      sequence: sequence, keepsItems: keepItems, notices: progress.notices)
    let summary = try run.perform(device: device)
    if json { try JSONDocument.print(summary) }
  }
}
