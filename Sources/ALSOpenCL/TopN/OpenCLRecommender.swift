import ALS
import OpenCL

/// Lists of the best items for many users at once, found on a device. They are those of `Factors.recommendations`, bit for bit:
/// the device selects a few more than asked for, the host adds up their scores anew in index order, and where rounding could have
/// kept a better one out, the host goes through all items for that user.
public final class OpenCLRecommender {
  /// The longest list that the device keeps for each user.
  public static let mostCount = 1024

  /// Floating-point operations that the host does sooner than a device is opened and its kernel compiled.
  private static let smallWork = 2e10

  /// Whether a device can make the lists, and is likely to be the sooner.
  ///
  /// - Parameters:
  ///   - count: length of the lists.
  ///   - userCount: number of lists.
  ///   - itemCount: what is searched.
  ///   - rank: factors of each.
  public static func pays(count: Int, userCount: Int, itemCount: Int, rank: Int) -> Bool {
    count <= mostCount && 2 * Double(userCount) * Double(itemCount) * Double(rank) >= smallWork
  }

  private let factors: Factors
  private let allowed: [Bool]
  private let seen: [CSRMatrix]
  private let count: Int
  private let largestItemNorm: Double
  private let device: DeviceTopN
  /// Length of the device's lists.
  private let kept: Int
  /// Users for whom the host had to go through all items.
  public private(set) var searchedByHost = 0

  /// Users that fill the device: ``lists(forUsers:)`` takes as many at a time.
  public var usersAtOnce: Int { device.capacity }

  /// Compiles the kernel and uploads the items.
  ///
  /// - Parameters:
  ///   - device: where scores are computed.
  ///   - kernelFamily: the kernel to use; by default that for the kind of the device.
  ///   - factors: those of the model; with biases, its `Factors.withBiasesAsFactors`.
  ///   - allowed: for each item's row whether it may be recommended.
  ///   - seen: ratings in the model's row space; an item is not recommended to a user with an entry for it.
  ///   - count: length of the lists, from 1 to ``mostCount``.
  ///   - mostUsers: the most users that ``lists(forUsers:)`` will be asked for: no more memory is taken than for them.
  /// - Throws: `OpenCLError`, also where the device has no room for the items.
  public convenience init(
    device: Device, kernelFamily: KernelFamily? = nil, factors: Factors, allowed: [Bool], seen: [CSRMatrix], count: Int,
    mostUsers: Int
  ) throws(OpenCLError) {
    try self.init(
      context: Context(device: device), kernelFamily: kernelFamily ?? KernelFamily(for: device), factors: factors,
      allowed: allowed, seen: seen, count: count, mostUsers: mostUsers, store: .standard(for: device))
  }

  /// - Parameters:
  ///   - extraBuildOptions: for the program, such as `-cl-kernel-arg-info`.
  ///   - store: where the binary of the program is kept between runs.
  package init(
    context: Context, kernelFamily: KernelFamily, factors: Factors, allowed: [Bool], seen: [CSRMatrix], count: Int,
    mostUsers: Int, extraBuildOptions: String = "", store: ProgramStore? = nil
  ) throws(OpenCLError) {
    precondition(allowed.count == factors.item.rowCount && (1...Self.mostCount).contains(count))
    self.factors = factors
    self.allowed = allowed
    self.seen = seen
    self.count = count
    let panels = ItemPanels(factors.item, allowed: allowed)
    largestItemNorm = panels.largestNorm
    // A few more than asked for, so that the order that rounding may change lies below what is asked for.
    // With a place more than there are items, that none was left out shows.
    kept = min(count + 6 + count / 8, panels.rows.count + 1)
    device = try DeviceTopN(
      ProgramCache(context, store: store, extraOptions: extraBuildOptions), queue: CommandQueue(context),
      family: kernelFamily, panels: panels, rank: factors.item.rank, count: kept, mostUsers: mostUsers)
  }

  /// The lists of some users, in their order.
  ///
  /// - Complexity: O(users · items · rank) on the device; memory O(users · count), in batches of bounded size.
  public func lists(forUsers rows: ArraySlice<Int>) throws(OpenCLError) -> [[ScoredRow]] {
    var lists: [[ScoredRow]] = []
    lists.reserveCapacity(rows.count)
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: device.capacity) {
      try lists += batch(rows[start..<min(rows.endIndex, start + device.capacity)])
    }
    return lists
  }

  private func batch(_ rows: ArraySlice<Int>) throws(OpenCLError) -> [[ScoredRow]] {
    let rank = factors.user.rank
    let norms = factors.user.values.withUnsafeBufferPointer { values in
      rows.map { ItemPanels.norm(values, row: $0, rank: rank) }
    }
    let slack = ItemPanels.slack(rank: rank)
    let seen = SeenRows(of: rows, in: seen)
    let found = try device.find(for: rows, of: factors.user, norms: norms.map { Float($0 * slack) }, seen: seen)

    var lists = [[ScoredRow]?](repeating: nil, count: rows.count)
    lists.withUnsafeMutableBufferPointer { buffer in
      // Every list is written by one worker.
      nonisolated(unsafe) let lists = buffer
      let (factors, kept) = (factors, kept)
      let proof = Proof(rank: rank, largestItemNorm: largestItemNorm, count: count)
      Parallel.performRanges(rows.count, grain: 256) { range in
        for index in range {
          let user = rows[rows.startIndex + index]
          var list: [ScoredRow] = []
          list.reserveCapacity(kept)
          for row in found.rows[index * kept..<(index + 1) * kept] where row >= 0 {
            list.append(ScoredRow(row: Int(row), score: factors.score(user: user, item: Int(row))))
          }
          list.sort { a, b in a.score > b.score || (a.score == b.score && a.row < b.row) }
          guard proof.holds(for: list, threshold: found.thresholds[index], userNorm: norms[index]) else { continue }
          if list.count > proof.count { list.removeSubrange(proof.count...) }
          lists[index] = list
        }
      }
    }
    searchHost(rows, seen: seen, for: &lists)
    return lists.map { $0 ?? [] }
  }

  /// Goes through all items for the users without a list.
  private func searchHost(_ rows: ArraySlice<Int>, seen: SeenRows, for lists: inout [[ScoredRow]?]) {
    let open = lists.indices.filter { lists[$0] == nil }
    guard !open.isEmpty else { return }
    searchedByHost += open.count
    lists.withUnsafeMutableBufferPointer { buffer in
      // Every list is written by one worker.
      nonisolated(unsafe) let lists = buffer
      let (factors, allowed, count) = (factors, allowed, count)
      Parallel.perform(open.count) { position in
        let index = open[position]
        var isCandidate = allowed
        for row in seen[index] { isCandidate[Int(row)] = false }
        lists[index] = factors.recommendations(forUser: rows[rows.startIndex + index], count: count) {
          !isCandidate[$0]
        }
      }
    }
  }

  /// Checks the kernel's arguments against what the compiler saw; for programs built with `-cl-kernel-arg-info`.
  package func checkKernelSignatures() throws { try device.checkSignatures() }

  /// Tells whether rounding can have kept anything out of a list.
  private struct Proof {
    /// Bound of the difference of a score by the device and by the host, over the product of the norms: each is wrong by less
    /// than rank · 2⁻²⁴ / (1 − rank · 2⁻²⁴) of the sum of the magnitudes, which the norms bound (Cauchy and Schwarz).
    private let relative: Double
    /// What products below the normal range may lose.
    private let absolute: Double
    private let largestItemNorm: Double
    let count: Int

    init(rank: Int, largestItemNorm: Double, count: Int) {
      let unit = Double(rank + 1) * 0x1p-24
      relative = 2 * unit / (1 - unit)
      absolute = 2 * Double(rank) * Double(Float.leastNormalMagnitude)
      self.largestItemNorm = largestItemNorm
      self.count = count
    }

    /// - Parameters:
    ///   - list: all that the device kept, in the host's scores and order.
    ///   - threshold: what nothing that the device left out exceeds, in its scores.
    func holds(for list: [ScoredRow], threshold: Float, userNorm: Double) -> Bool {
      let largest = userNorm * largestItemNorm
      // Near the end of the range sums may overflow on one side only.
      guard largest < 1e37, list.allSatisfy(\.score.isFinite) else { return false }
      if threshold == -.infinity { return true }
      guard list.count >= count else { return false }
      return Double(list[count - 1].score) > Double(threshold) + relative * largest + absolute
    }
  }
}
