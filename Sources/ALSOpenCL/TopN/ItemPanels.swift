import ALS

/// The factors of the items that may be recommended, as the `top_n` kernels read them: in panels, by descending norm, so that a
/// search can end where no score can be high enough.
struct ItemPanels {
  /// Items of a panel: `ITEM_LANES` of `top_n.cl`.
  static let lanes = 16

  /// panels × rank × ``lanes``; the last panel is padded with zeros.
  let factors: [Float]
  /// The largest norm of each panel, rounded up.
  let bounds: [Float]
  /// The row of each item, in the order of the panels.
  let rows: [Int32]
  /// The largest norm of all.
  let largestNorm: Double

  /// Arranges the factors; O(items · (rank + log items)).
  ///
  /// - Parameter allowed: for each row whether it may be recommended.
  init(_ items: FactorMatrix, allowed: [Bool]) {
    let rank = items.rank
    var norms = [Double](repeating: 0, count: items.rowCount)
    items.values.withUnsafeBufferPointer { values in
      norms.withUnsafeMutableBufferPointer { buffer in
        // Every norm is written by one worker.
        nonisolated(unsafe) let norms = buffer
        nonisolated(unsafe) let values = values
        Parallel.performRanges(norms.count, grain: 4096) { range in
          for row in range { norms[row] = Self.norm(values, row: row, rank: rank) }
        }
      }
    }
    // Largest first; a norm that is not a number stands before all, so that no search ends without it.
    let keys = norms.map { $0.isNaN ? Double.infinity : $0 }
    let rows = allowed.indices.filter { allowed[$0] }.map { Int32($0) }.sorted { a, b in
      let (normA, normB) = (keys[Int(a)], keys[Int(b)])
      return normA > normB || (normA == normB && a < b)
    }
    self.rows = rows
    let panels = (rows.count + Self.lanes - 1) / Self.lanes
    let slack = Self.slack(rank: rank)
    bounds = (0..<panels).map { Float(keys[Int(rows[$0 * Self.lanes])] * slack) }
    largestNorm = rows.first.map { keys[Int($0)] } ?? 0
    var factors = [Float](repeating: 0, count: panels * rank * Self.lanes)
    items.values.withUnsafeBufferPointer { values in
      factors.withUnsafeMutableBufferPointer { buffer in
        // Every panel is written by one worker.
        nonisolated(unsafe) let factors = buffer
        nonisolated(unsafe) let values = values
        Parallel.performRanges(panels, grain: 64) { range in
          for position in range.lowerBound * Self.lanes..<min(rows.count, range.upperBound * Self.lanes) {
            let (panel, lane) = (position / Self.lanes, position % Self.lanes)
            let row = Int(rows[position])
            for k in 0..<rank { factors[(panel * rank + k) * Self.lanes + lane] = values[row * rank + k] }
          }
        }
      }
    }
    self.factors = factors
  }

  /// Euclidean norm of a row.
  static func norm(_ values: UnsafeBufferPointer<Float>, row: Int, rank: Int) -> Double {
    var sum = 0.0
    for k in 0..<rank { sum += Double(values[row * rank + k]) * Double(values[row * rank + k]) }
    return sum.squareRoot()
  }

  /// What a norm is multiplied with so that the product of two is above every score that a device computes, and stays above
  /// when it is rounded to 32 bits: a sum of `rank` products is wrong by less than rank · 2⁻²³ of the sum of their magnitudes.
  static func slack(rank: Int) -> Double { 1 + Double(rank + 8) * 0x1p-22 }
}
