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

  /// Reads all ratings at some locations, in that order, as one set.
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
    return try assemble(outcome, users: users, items: items)
  }

  /// Reads ratings into the rows and columns of an existing model. Those with an unknown user or item are counted
  /// (``ReadReport/unknown``) and left out.
  ///
  /// - Throws: ``RatingsIOError``; where several things are wrong, the one that comes first in the input.
  public func read(
    _ locations: [Location], users: IDIndex, items: IDIndex
  ) throws(RatingsIOError) -> RatingSet {
    let outcome = try parse(locations, progress: nil)
    return try assemble(
      outcome, users: IDUnion(outcome.users, in: users), items: IDUnion(outcome.items, in: items))
  }

  /// The times of all ratings, in no order; those of rows that other options drop are among them. Eight bytes each.
  ///
  /// - Throws: ``RatingsIOError``, ``RatingsIOError/noTimes(file:)`` where a file has no column of times.
  public func times(_ locations: [Location]) throws(RatingsIOError) -> [Double] {
    var reader = self
    reader.options.collectsTimes = true
    return try reader.parse(locations, progress: nil).times
  }

  private func parse(_ locations: [Location], progress: BlockSource.Progress?) throws(RatingsIOError) -> ParseOutcome {
    try ParseOutcome(
      files: InputFile.files(at: locations), options: options, blockSize: blockSize, workerCount: workerCount,
      progress: progress)
  }

  private func assemble(
    _ outcome: ParseOutcome, users: IDUnion, items: IDUnion
  ) throws(RatingsIOError) -> RatingSet {
    // A block of text holds about so many ratings.
    let assembly = try CSRAssembly(
      outcome.chunks, users: users, items: items, duplicates: options.duplicates, grain: max(1, blockSize / 16))
    var report = outcome.report
    report.unknown = assembly.unknown
    report.duplicates = assembly.duplicates
    return RatingSet(users: users.index, items: items.index, ratings: assembly.matrix, report: report)
  }
}
