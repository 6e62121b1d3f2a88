import ALS

/// Reads ratings from text files into a sparse matrix.
///
/// Workers parse blocks of whole lines as fast as they come, each with id dictionaries of its own; then the dictionaries
/// are merged and the ratings scattered into rows. The result depends on the input alone: not on the number of workers,
/// nor on the size of a block, nor, ids being sorted, on the order of rows (but for duplicates).
///
/// Time is linear in the input. At the peak there are 10 to 12 bytes per rating beside the 8 of the result, none where the
/// input is in the order of the rows; for each worker a block, and its ids: a bit for each whole number up to the highest
/// below 2²⁶, and a table of all others.
public struct RatingsReader: Sendable {
  private var options: ReadOptions
  private let blockSize: Int
  private let workerCount: Int

  /// Reads as the options say.
  public init(options: ReadOptions = ReadOptions()) {
    self.init(options: options, blockSize: 4 << 20, workerCount: min(Parallel.workerCount, Self.maximumWorkerCount))
  }

  /// Each worker has a table of the ids that are no small numbers: with more workers than it takes to parse as fast as
  /// bytes come, memory would grow for nothing.
  private static let maximumWorkerCount = 16

  /// With blocks of `blockSize` bytes on `workerCount` workers; the result does not depend on them.
  package init(options: ReadOptions, blockSize: Int, workerCount: Int) {
    self.options = options
    self.blockSize = blockSize
    self.workerCount = workerCount
  }

  /// Reads all ratings at some locations, in that order, as one set. Where rows carry operations, it is what these leave: pairs
  /// that were deleted are gone, and so are users and items without any rating.
  ///
  /// - Parameters:
  ///   - locations: files, directories or standard input.
  ///   - progress: called now and then, from any thread but never from two at once, with the bytes read so far and their number in
  ///     all, where it is known.
  /// - Throws: ``RatingsIOError``; where several things are wrong, the one that comes first in the input.
  public func read(
    _ locations: [Location], progress: (@Sendable (_ bytesRead: Int, _ totalBytes: Int?) -> Void)? = nil
  ) throws(RatingsIOError) -> RatingSet {
    let outcome = try parse(locations, progress: progress)
    let users = try IDUnion(outcome.users, side: .user)
    let items = try IDUnion(outcome.items, side: .item)
    let set = try assemble(outcome, users: users, items: items)
    return outcome.report.hasOperations ? try set.withoutDeletions() : set
  }

  /// Reads ratings into the rows and columns of an existing model. Those with an unknown user or item are counted
  /// (``ReadReport/unknown``) and left out.
  ///
  /// - Throws: ``RatingsIOError``; where several things are wrong, the one that comes first in the input.
  public func read(
    _ locations: [Location], users: IDIndex, items: IDIndex
  ) throws(RatingsIOError) -> RatingSet {
    let outcome = try parse(locations, progress: nil)
    var set = try assemble(
      outcome, users: IDUnion(outcome.users, in: users), items: IDUnion(outcome.items, in: items))
    if outcome.report.hasOperations { set.ratings = set.ratings.withoutDeletions }
    return set
  }

  /// The times of all ratings, in no order; those of rows that other options drop, or that later rows
  /// replace, are among them. Eight bytes each.
  ///
  /// - Throws: ``RatingsIOError``, ``RatingsIOError/noTimes(file:)`` where a file has no column of times.
  public func times(_ locations: [Location]) throws(RatingsIOError) -> [Double] {
    var reader = self
    reader.options.collectsTimes = true
    return try reader.parse(locations, progress: nil).times
  }

  /// Reads what has changed: the last operation of each pair. Rows of files without operations say what a pair's rating is from
  /// here on.
  ///
  /// - Parameters:
  ///   - files: in the order in which their changes were committed. There may be none, and they may be empty.
  ///   - progress: as of ``read(_:progress:)``.
  /// - Throws: ``RatingsIOError``; where several things are wrong, the one that comes first in the input.
  public func readChanges(
    _ files: [ChangeFile], progress: (@Sendable (_ bytesRead: Int, _ totalBytes: Int?) -> Void)? = nil
  ) throws(RatingsIOError) -> ChangeSet {
    var reader = self
    reader.options.defaultDuplicates = .last
    if let policy = options.duplicates, policy != .last {
      throw .invalidOption(name: "duplicates", value: policy.rawValue, requirement: "last where changes are read")
    }
    let outcome = try reader.parse(S3Batches.gathered(files.map(\.file)), allowsNone: true, progress: progress)
    let set = try reader.assemble(
      outcome, users: IDUnion(outcome.users, side: .user), items: IDUnion(outcome.items, side: .item))
    return ChangeSet(set, rows: outcome.rows)
  }

  /// Reads what has changed at some locations, each one's files in the order in which their changes were committed.
  ///
  /// - Throws: ``RatingsIOError``; where several things are wrong, the one that comes first in the input.
  public func readChanges(
    _ locations: [Location], progress: (@Sendable (_ bytesRead: Int, _ totalBytes: Int?) -> Void)? = nil
  ) throws(RatingsIOError) -> ChangeSet {
    var files: [ChangeFile] = []
    for location in locations { files += try ChangeFile.list(at: location) }
    return try readChanges(files, progress: progress)
  }

  private func parse(_ locations: [Location], progress: BlockSource.Progress?) throws(RatingsIOError) -> ParseOutcome {
    try parse(InputFile.files(at: locations), progress: progress)
  }

  private func parse(
    _ files: [InputFile], allowsNone: Bool = false, progress: BlockSource.Progress?
  ) throws(RatingsIOError) -> ParseOutcome {
    try ParseOutcome(
      files: files, options: options, blockSize: blockSize, workerCount: workerCount, allowsNone: allowsNone,
      progress: progress)
  }

  private func assemble(
    _ outcome: ParseOutcome, users: IDUnion, items: IDUnion
  ) throws(RatingsIOError) -> RatingSet {
    // A block of text holds about so many ratings.
    let assembly = try CSRAssembly(
      outcome.chunks, users: users, items: items,
      duplicates: options.duplicatePolicy(withOperations: outcome.report.hasOperations), grain: max(1, blockSize / 16))
    var report = outcome.report
    report.unknown = assembly.unknown
    report.duplicates = assembly.duplicates
    return RatingSet(users: users.index, items: items.index, ratings: assembly.matrix, report: report)
  }
}
