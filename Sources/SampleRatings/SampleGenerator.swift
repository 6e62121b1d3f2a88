import ALS
import Synchronization

/// Makes a sample that looks like Yahoo! Music R1, with a known taste behind it: listeners like one to three genres and
/// rate artists of these high, artists' names tell their genre, activity is log-normal and popularity a power law.
///
/// The same seed and shape give the same bytes on every machine, however many cores it has. Peak memory is
/// about 12 bytes per listener, 200 per artist and 13 MB per core, whatever the number of ratings.
public struct SampleGenerator: Sendable {
  /// The counts to generate.
  public let shape: SampleShape
  /// What all random choices follow from.
  public let seed: UInt64

  /// A generator for a shape and a seed.
  public init(shape: SampleShape, seed: UInt64 = 42) {
    self.shape = shape
    self.seed = seed
  }

  /// Rows that one worker makes at a time.
  private static let blockRows = 1 << 16

  /// Writes `ratings.tsv` and `artists.tsv` into `directory`, which is made if it is missing.
  ///
  /// Both files appear whole, after everything has been written and synced, or not at all; existing ones are replaced.
  /// `progress` is called now and then, from the calling thread, with the number of rows written and the total.
  /// Throws a ``SampleError`` if something cannot be written. O(ratings) time on all cores.
  public func write(
    to directory: String, progress: (@Sendable (_ rowsWritten: Int, _ total: Int) -> Void)? = nil
  ) throws(SampleError) -> SampleSummary {
    let place = try OutputDirectory(directory)
    do throws(SampleError) {
      // Opened before the work begins: a directory that cannot be written to is found out at once.
      let ratingsFile = try WholeFile(place.file("ratings.tsv"))
      let artistsFile = try WholeFile(place.file("artists.tsv"))
      let philox = Philox(seed: seed)
      let catalogue = Catalogue(items: shape.items, philox: philox)
      try write(names: catalogue.names(philox: philox), to: artistsFile)
      let audience = Audience(shape: shape, philox: philox, catalogue: catalogue)
      let tally = try write(audience, to: ratingsFile, progress: progress)
      try artistsFile.sync()
      try ratingsFile.sync()
      try artistsFile.appear()
      try ratingsFile.appear()
      place.sync()
      return SampleSummary(
        shape: shape, seed: seed, ratingsPath: ratingsFile.path, artistsPath: artistsFile.path,
        ratingsBytes: ratingsFile.byteCount, artistsBytes: artistsFile.byteCount,
        neverAgainCount: tally.neverAgain, notApplicableCount: tally.notApplicable,
        unknownArtistCount: tally.unknownArtist, listeners: tally.examples.compactMap { $0?.listener })
    } catch {
      place.removeIfMade()
      throw error
    }
  }

  /// Makes blocks of listeners on all cores and writes them in order.
  private func write(
    _ audience: Audience, to file: WholeFile, progress: (@Sendable (_ rowsWritten: Int, _ total: Int) -> Void)?
  ) throws(SampleError) -> RowBlock.Tally {
    var tally = RowBlock.Tally()
    let ranges = audience.ranges(rows: Self.blockRows)
    // A few blocks per worker, so that all are busy until near the end of a wave.
    let wave = 8 * Parallel.workerCount
    for first in stride(from: 0, to: ranges.count, by: wave) {
      let part = Array(ranges[first..<min(first + wave, ranges.count)])
      let finished = Mutex([RowBlock?](repeating: nil, count: part.count))
      Parallel.perform(part.count) { index in
        let block = audience.rows(of: part[index])
        finished.withLock { $0[index] = block }
      }
      for case let block? in finished.withLock({ $0 }) {
        try Self.append(block.text, to: file)
        tally.add(block.tally)
      }
      progress?(tally.rows, shape.ratings)
    }
    return tally
  }

  private func write(names: [String], to file: WholeFile) throws(SampleError) {
    var text: [UInt8] = []
    for odd in [Audience.notApplicable, Audience.unknownArtist] { text += "\(odd.id)\t\(odd.name)\n".utf8 }
    for (artist, name) in names.enumerated() { text += "\(Catalogue.firstID + artist)\t\(name)\n".utf8 }
    try Self.append(text, to: file)
  }

  private static func append(_ bytes: [UInt8], to file: WholeFile) throws(SampleError) {
    let result = bytes.withUnsafeBytes { bytes in Result { () throws(SampleError) in try file.write(bytes) } }
    try result.get()
  }
}
