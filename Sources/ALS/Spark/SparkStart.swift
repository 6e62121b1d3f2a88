/// The user factors that Spark's ALS (`org.apache.spark.ml.recommendation.ALS`, versions 3 and 4) begins with.
///
/// Spark deals the users out to blocks by their ids modulo the number of blocks, sorts the ids in each block, and draws each block's
/// factors in that order from a generator of its own: independent Gaussians, each row scaled to unit norm. The start of a user thus
/// depends on the seed, the number of blocks, and the other users of its block.
///
/// Directions are Spark's bit for bit. The norm is added up in 64 bits here; Spark leaves it to the BLAS that it finds, which adds in
/// 32 bits in an order that depends on the processor, so that its rows differ by some units in the last place from one machine to
/// another, and from these.
public struct SparkStart: Sendable {
  /// Length of a row; at least 1.
  public let rank: Int
  /// Spark's `numUserBlocks`; at least 1.
  public let blocks: Int
  /// What the generators of the blocks are seeded from: the first number of the generator that has the seed of the whole.
  private let blockSeed: Int64

  /// The start for a seed of Spark's ALS.
  ///
  /// - Throws: ``ALSError/invalidParameter(name:value:requirement:)`` if the rank is below 1, or `blocks` is not from 1 to
  ///   ``maximumBlocks``.
  public init(seed: Int64, rank: Int, blocks: Int) throws(ALSError) {
    guard rank >= 1 else {
      throw .invalidParameter(name: "rank", value: "\(rank)", requirement: "a whole number of at least 1")
    }
    try Self.check(blocks: blocks)
    self.rank = rank
    self.blocks = blocks
    var generator = XORShiftRandom(seed: seed)
    blockSeed = generator.nextInt64()
  }

  /// Spark numbers blocks by 32 bits.
  public static let maximumBlocks = Int(Int32.max)

  static func check(blocks: Int) throws(ALSError) {
    guard (1...maximumBlocks).contains(blocks) else {
      throw .invalidParameter(
        name: "user-blocks", value: "\(blocks)", requirement: "a whole number from 1 to \(maximumBlocks)")
    }
  }

  /// The factors of the users with these ids, in the order of the ids.
  ///
  /// - Parameter ids: those of all users with ratings, or of all in some of the blocks.
  /// - Throws: ``ALSError/duplicateID(_:)`` if an id stands there twice.
  public func factors(ids: [Int32]) throws(ALSError) -> FactorMatrix {
    var values = [Float](repeating: 0, count: ids.count * rank)
    do {
      try ids.withUnsafeBufferPointer { ids in try values.withUnsafeMutableBufferPointer { try write(ids: ids, to: $0) }
      }
    } catch let error as ALSError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown")
    }
    return FactorMatrix(rank: rank, values: values)
  }

  /// The same, into a buffer of `ids.count × rank` floats.
  ///
  /// - Precondition: the buffer is of that size.
  public func write(ids: UnsafeBufferPointer<Int32>, to factors: UnsafeMutableBufferPointer<Float>) throws(ALSError) {
    precondition(factors.count == ids.count * rank)
    // Block and id of each row as one number: in its order Spark walks through the rows.
    var order: [(key: UInt64, row: Int)] = ids.indices.map { row in
      (key: UInt64(block(of: ids[row])) << 32 | UInt64(UInt32(bitPattern: ids[row]) ^ 1 << 31), row: row)
    }
    order.sort { $0.key < $1.key }
    var runs: [Range<Int>] = []
    var start = 0
    for position in order.indices.dropFirst() {
      if order[position].key == order[position - 1].key {
        throw .duplicateID(String(ids[order[position].row]))
      }
      if order[position].key >> 32 != order[start].key >> 32 {
        runs.append(start..<position)
        start = position
      }
    }
    if !order.isEmpty { runs.append(start..<order.count) }
    // Rows of different blocks are disjoint.
    nonisolated(unsafe) let output = factors
    Parallel.perform(runs.count) { [order, runs] run in
      let block = Int64(order[runs[run].lowerBound].key >> 32)
      var generator = XORShiftRandom(seed: Self.hash(blockSeed ^ block))
      for (_, row) in order[runs[run]] {
        draw(&generator, into: UnsafeMutableBufferPointer(rebasing: output[row * rank..<(row + 1) * rank]))
      }
    }
  }

  /// One row: Gaussians, rounded to 32 bits before they are scaled.
  private func draw(_ generator: inout XORShiftRandom, into row: UnsafeMutableBufferPointer<Float>) {
    var squaredNorm = 0.0
    for k in row.indices {
      let value = Float(generator.nextGaussian())
      row[k] = value
      squaredNorm += Double(value) * Double(value)
    }
    let scale = 1 / Float(squaredNorm.squareRoot())
    for k in row.indices { row[k] *= scale }
  }

  /// The block of an id: its remainder, brought above zero, as Spark's `HashPartitioner` does.
  private func block(of id: Int32) -> Int {
    let remainder = Int(id) % blocks
    return remainder < 0 ? remainder + blocks : remainder
  }

  /// Scala's `byteswap64`.
  private static func hash(_ value: Int64) -> Int64 {
    let factor: UInt64 = 0x9E37_75CD_9E37_75CD
    return Int64(bitPattern: (UInt64(bitPattern: value) &* factor).byteSwapped &* factor)
  }
}
