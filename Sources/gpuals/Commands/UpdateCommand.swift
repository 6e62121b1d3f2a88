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
      one is passed over unread. What comes out depends on the trained model and on all ratings as they are then, and \
      not on how the changes were cut into batches.

      --changes takes a place where files come in, such as the folder of a table that AWS DMS writes to S3: full load \
      and changes, in the order of their commits. The model remembers which files are in it. --kinesis follows a stream \
      with the messages of DMS, or plain ones such as {"user": "7", "item": "42", "rating": 80}, until a signal ends it; \
      a message with "operation": "delete" takes a rating away.

      Examples:
        gpuals update today.tsv --model model
        gpuals update changes.csv --delete withdrawn.csv --model model --output newer
        gpuals update batch-17.tsv --sequence 17 --model model
        gpuals update --changes s3://bucket/dms/shop/ratings/ --model s3://bucket/model
        gpuals update --kinesis ratings --publish-every 60 --model model
      """)

  @Argument(help: ArgumentHelp("Files or directories of ratings, or - for standard input.", valueName: "CHANGES"))
  var changes: [String] = []

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("A file of pairs, user and item, whose ratings are deleted.", valueName: "PAIRS"))
  var delete: [String] = []

  @Option(
    name: .customLong("changes"),
    help: ArgumentHelp(
      "A directory or place in S3 where files of changes come in; those that the model does not have yet are applied.",
      valueName: "LOCATION"))
  var folder: String?

  @Option(help: ArgumentHelp("A Kinesis stream of changes to follow, by name or ARN.", valueName: "STREAM"))
  var kinesis: String?

  @Option(
    help: ArgumentHelp(
      "Where to begin in a stream that the model knows nothing of: oldest (all that is kept) or latest.",
      valueName: "oldest|latest"))
  var streamStart = StreamStart.oldest

  @Option(
    help: ArgumentHelp(
      "The table whose messages matter, where DMS writes several into the stream.", valueName: "[SCHEMA.]TABLE"))
  var table: String?

  @Flag(help: "Forget how far the stream was read, as after it was deleted and made anew.")
  var restartStream = false

  @Option(
    help: ArgumentHelp(
      "Publish the model at most so often while changes come. 0: after every file. (default: 30)", valueName: "SECONDS"),
    transform: WaitingTime.init)
  var publishEvery: WaitingTime?

  @Option(
    help: ArgumentHelp(
      "Look for new files or records so often. Without it --changes looks once, and --kinesis every second.",
      valueName: "SECONDS"), transform: WaitingTime.init)
  var poll: WaitingTime?

  @Option(
    help: ArgumentHelp("End once no record has come for so long.", valueName: "SECONDS"), transform: WaitingTime.init)
  var stopWhenIdle: WaitingTime?

  @Option(
    help: ArgumentHelp(
      "Where records go that are no changes. (default: DIR-dead-letters.jsonl, beside the model)", valueName: "FILE"))
  var deadLetters: String?

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
    let ways = [!changes.isEmpty || !delete.isEmpty, folder != nil, kinesis != nil].count { $0 }
    guard ways > 0 else {
      throw ValidationError(
        "Say what has changed: files of CHANGES, --delete PAIRS, --changes LOCATION or --kinesis STREAM.")
    }
    guard ways == 1 else {
      throw ValidationError(
        "Files of CHANGES, --changes and --kinesis are three ways to bring changes: choose one of them.")
    }
    if sequence != nil, folder != nil || kinesis != nil {
      throw ValidationError(
        "--sequence numbers a batch of CHANGES; the model itself remembers what it has of files and streams.")
    }
    if kinesis == nil, stopWhenIdle != nil || deadLetters != nil || restartStream || table != nil {
      throw ValidationError(
        "--stop-when-idle, --dead-letters, --table and --restart-stream have a meaning with --kinesis alone.")
    }
    if folder == nil, kinesis == nil, publishEvery != nil || poll != nil {
      throw ValidationError("--publish-every and --poll have a meaning with --changes or --kinesis.")
    }
    if output != nil, folder != nil || kinesis != nil {
      throw ValidationError(
        "--output has no meaning with --changes and --kinesis, which go on from what is in the model: copy the model first."
      )
    }
    if folder == "-" { throw ValidationError("--changes takes a directory or a place in S3; '-' is for CHANGES.") }
    if (changes + delete + ratings).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  func run() throws {
    Interruption.shared.set(.atOnce(message: "interrupted: nothing was changed"))
    let notices = progress.notices
    var summary = UpdateSummary(model: output ?? model.model)
    if try !UpdateRun.isApplied(sequence, in: model.model, notices: notices) {
      let session = try UpdateSession(
        model: model.model, output: output ?? model.model, ratings: ratings.map { Location($0) }, reading: reading,
        keepsItems: keepItems, device: device, notices: notices)
      try perform(session, notices)
      summary = session.summary
    }
    if json { try JSONDocument.print(summary) }
  }

  private func perform(_ session: UpdateSession, _ notices: Notices) throws {
    let interval = publishEvery?.seconds ?? 30
    if let folder {
      try FolderRun(
        place: Location(folder), publishEvery: interval, poll: poll?.seconds, notices: notices
      ).perform(session)
    } else if let kinesis {
      try StreamRun(
        stream: kinesis, start: streamStart, restarts: restartStream, table: table, publishEvery: interval,
        poll: poll?.seconds ?? 1, stopWhenIdle: stopWhenIdle?.seconds,
        deadLetters: deadLetters ?? DeadLetters.path(beside: session.output), notices: notices
      ).perform(session)
    } else {
      try UpdateRun(
        changes: changes.map { Location($0) }, deletions: delete.map { Location($0) },
        sequence: sequence, notices: notices
      ).perform(session)
    }
  }
}
