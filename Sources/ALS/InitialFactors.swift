#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Factors {
  /// Factors to start from: initial ones for the side that is solved last in an iteration, zeros for the other, which is
  /// solved first. Biases start at zero.
  ///
  /// - Throws: ``ALSError/noSparkStart(id:)`` where Spark's are asked for, and the users have not the ids for it.
  public static func initial(for data: TrainingData, parameters: ALSParameters) throws(ALSError) -> Factors {
    func start(_ side: Side) throws(ALSError) -> FactorMatrix {
      if side == parameters.firstSide { return FactorMatrix(zeros: data[side].rowCount, rank: parameters.rank) }
      return switch parameters.initialization {
      case .gaussian: .initial(for: data[side], parameters: parameters)
      case .spark(let blocks): try .sparkStart(for: data, parameters: parameters, blocks: blocks)
      }
    }
    return Factors(
      user: try start(.user), item: try start(.item),
      biases: parameters.biases
        ? Biases(
          mean: data.meanRating, user: [Float](repeating: 0, count: data.byUser.rowCount),
          item: [Float](repeating: 0, count: data.byItem.rowCount))
        : nil)
  }
}

extension FactorMatrix {
  /// Initial factors of a side by ``Initialization/gaussian``: independent Gaussians, each row scaled to one L2 norm, 1 if not chosen otherwise
  /// (Spark's choice), so that a row's start is a function of (seed, row, rank) alone.
  ///
  /// Where factors are to be nonnegative, their absolute values: from both signs the first half-step finds little to agree with.
  ///
  /// Rows without ratings start at zero: their solution is zero, and in implicit training they would otherwise weigh in
  /// the first YᵀY.
  public static func initial(for ratings: CSRMatrix, parameters: ALSParameters) -> FactorMatrix {
    let rank = parameters.rank
    let rows = ratings.rowCount
    let philox = Philox(seed: parameters.seed)
    let values = [Float](unsafeUninitializedCapacity: rows * rank) { buffer, initializedCount in
      nonisolated(unsafe) let out = buffer
      Parallel.performRanges(rows, grain: 4096) { range in
        var gaussians = [Double](repeating: 0, count: rank + 3)
        for row in range {
          if ratings.entries(ofRow: row).isEmpty {
            for k in 0..<rank { out[row * rank + k] = 0 }
            continue
          }
          var squaredNorm = 0.0
          for k in stride(from: 0, to: rank, by: 4) {
            let words = philox.block(UInt64(k / 4), stream: UInt64(row))
            (gaussians[k], gaussians[k + 1]) = gaussianPair(words[0], words[1])
            (gaussians[k + 2], gaussians[k + 3]) = gaussianPair(words[2], words[3])
          }
          for k in 0..<rank { squaredNorm += gaussians[k] * gaussians[k] }
          let scale = parameters.initialNorm / squaredNorm.squareRoot()
          for k in 0..<rank {
            let value = parameters.nonnegative ? abs(gaussians[k]) : gaussians[k]
            out[row * rank + k] = Float(value * scale)
          }
        }
      }
      initializedCount = rows * rank
    }
    return FactorMatrix(rank: rank, values: values)
  }

  /// Two independent standard Gaussians from two uniform words (Box and Muller 1958).
  private static func gaussianPair(_ a: UInt32, _ b: UInt32) -> (Double, Double) {
    let radius = (-2 * log((Double(a) + 0.5) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * (Double(b) + 0.5) * 0x1p-32
    return (radius * cos(angle), radius * sin(angle))
  }
}
