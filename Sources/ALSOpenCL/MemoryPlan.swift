import ALS

/// What a training session will hold in the memory of a device, decided before anything is allocated.
///
/// Factors stay on the device, in up to four buffers a side. Ratings stay there as far as they fit; the rest is streamed in
/// blocks of consecutive rows through two slots, so that one block is brought in while the one before it is computed with. On a
/// device that reads the host's memory, ratings stay where they are.
public struct MemoryPlan: Sendable, Equatable {
  /// Where the ratings of a block are.
  public enum Placement: String, Sendable, Codable {
    /// In the host's memory, where the device reads them.
    case shared
    /// On the device for the whole run.
    case resident
    /// Brought to the device whenever they are needed.
    case streamed
  }

  /// Consecutive rows of a matrix.
  public struct Block: Sendable, Equatable {
    /// The rows.
    public var rows: Range<Int>
    /// Number of their ratings.
    public var entryCount: Int
    /// Where these are.
    public var placement: Placement
  }

  /// Memory for one purpose.
  public struct Item: Sendable, Equatable, Codable {
    /// What for, as "the user factors".
    public var name: String
    /// All of it.
    public var bytes: Int
    /// The largest buffer in it.
    public var largestBytes: Int
  }

  /// The limits that it keeps.
  public let limits: MemoryLimits
  /// How the user factors are spread over buffers.
  public let userSegments: FactorSegments
  /// How the item factors are.
  public let itemSegments: FactorSegments
  /// The sides whose short rows are solved in the dual form of implicit training, from rotated fixed factors.
  let rotatingSides: [Side]
  /// The blocks of each matrix that there is, in row order; none has rows of two segments.
  public internal(set) var blocks: [RatingMatrix: [Block]]
  /// Memory of the device by purpose. What depends on how rows are cut for the solver is an upper bound.
  public internal(set) var items: [Item]
  /// Ratings that a slot takes; 0 if nothing is streamed.
  public internal(set) var slotEntries: Int
  /// The rows that are solved: all, or those of one of several devices.
  public let share: RowShare
  /// What the scratch memory of one kind should stay within, in bytes.
  private(set) var scratchBudget: Int

  /// How the factors of a side are spread over buffers.
  func segments(of side: Side) -> FactorSegments { side == .user ? userSegments : itemSegments }

  /// All of the device's memory that will be taken, in bytes.
  public var peakBytes: Int { items.reduce(0) { $0 + $1.bytes } }

  /// Bytes that are brought to the device in an iteration, errors included.
  public var streamedBytesPerIteration: Int {
    blocks.reduce(0) { sum, entry in
      sum + entry.value.reduce(0) { $0 + ($1.placement == .streamed ? $1.entryCount * Self.bytesPerEntry : 0) }
        * entry.key.passesPerIteration
    }
  }

  /// Bytes of the ratings themselves: a column and a value each.
  public static let bytesPerEntry = MemoryLayout<Int32>.size + MemoryLayout<Float>.size

  /// Plans for the ratings of `data`.
  ///
  /// - Parameters:
  ///   - device: its name, for errors.
  ///   - computeUnits: its cores.
  ///   - share: the rows that it solves; `nil`: all.
  /// - Throws: ``DeviceMemoryError`` if it cannot be done within the limits.
  init(
    _ data: TrainingData, parameters: ALSParameters, tuning: Tuning, computeUnits: Int, limits: MemoryLimits,
    device: String, share: RowShare? = nil
  ) throws(DeviceMemoryError) {
    self.limits = limits
    blocks = [:]
    items = []
    slotEntries = 0
    scratchBudget = 0
    let share = share ?? RowShare(ofAll: data)
    self.share = share
    let stride = Tuning.stride(rank: parameters.unknowns)
    func segments(_ side: Side) throws(DeviceMemoryError) -> FactorSegments {
      let rows = data[side].rowCount
      guard let segments = FactorSegments(rowCount: rows, stride: stride, limits: limits) else {
        throw .factorsTooLarge(
          side: side, bytes: UInt64(rows * stride * MemoryLayout<Float>.size), limit: limits.allocationBytes,
          rank: parameters.rank, device: device)
      }
      return segments
    }
    userSegments = try segments(.user)
    itemSegments = try segments(.item)
    rotatingSides = Side.allCases.filter {
      RotatedFactors.pays(
        rows: RowBlock(matrix: data[$0], rows: share[$0]), fixedRows: data[$0.other].rowCount, parameters: parameters,
        tuning: tuning,
        computeUnits: computeUnits)
    }
    let cutter = BlockCutter(stride: stride, limits: limits, device: device)
    let matrices = RatingMatrix.allCases.compactMap { matrix in data[matrix].map { (matrix, $0) } }
    let total = Int(clamping: limits.totalBytes)
    /// Cuts the ratings, and counts the memory that is then taken.
    func arrange(_ placement: Placement, slot: Int, scratchBudget: Int) throws(DeviceMemoryError) -> FixedMemory {
      self.scratchBudget = scratchBudget
      let fixed = FixedMemory(
        data, parameters: parameters, tuning: tuning, computeUnits: computeUnits, scratchBudget: scratchBudget,
        segments: self.segments(of:), rotatingSides: rotatingSides, share: share)
      for (matrix, ratings) in matrices {
        blocks[matrix] = try cutter.blocks(
          of: ratings, share[matrix.side], segments: self.segments(of: matrix.side), mostEntries: slot,
          placement: placement,
          what: matrix.description)
      }
      slotEntries = placement == .streamed ? blocks.values.joined().reduce(0) { max($0, $1.entryCount) } : 0
      items = fixed.items(with: self)
      return fixed
    }

    // Everything at once, in as few blocks as the largest buffer allows.
    let scratchBudget = Int(clamping: min(limits.totalBytes / 16, limits.allocationBytes))
    let whole: Placement = limits.sharesRatings ? .shared : .resident
    let fixed = try arrange(whole, slot: .max, scratchBudget: scratchBudget)
    if peakBytes <= total { return }
    // Streamed through slots of an eighth of what is left, else as small as they may be; or whole with as little scratch memory
    // as will do; or both.
    var least = Self.smallestSlot
    for (matrix, ratings) in matrices {
      least = max(least, cutter.largestAtom(of: ratings, share[matrix.side]))
    }
    let slot = max(least, min(Self.largestSlot, (total - fixed.bytes) / Self.bytesPerEntry / 8))
    var needed = Int.max
    for (placement, slot, scratchBudget) in [
      (Placement.streamed, slot, scratchBudget), (.streamed, least, scratchBudget), (whole, .max, 0),
      (.streamed, least, 0),
    ] {
      let fixed = try arrange(placement, slot: slot, scratchBudget: scratchBudget)
      if peakBytes <= total {
        if placement == .streamed { keepWhatFits(in: total - peakBytes) }
        items = fixed.items(with: self)
        return
      }
      needed = min(needed, peakBytes)
    }
    throw .tooLittle(
      needed: UInt64(needed), factors: UInt64(fixed.factorBytes), available: limits.totalBytes, isCap: limits.isCap,
      rank: parameters.rank, device: device)
  }

  /// Ratings of a slot, at least where there is a choice: below, the start of a kernel costs more than its work.
  private static let smallestSlot = 1 << 13
  /// Ratings of a slot, at most: enough to keep any device busy.
  private static let largestSlot = 1 << 24

  /// Makes blocks resident while they fit into `bytes`, first of the matrix that is read most. They are spread evenly, so that
  /// there is always something to compute while the next block is on its way.
  private mutating func keepWhatFits(in bytes: Int) {
    var left = bytes
    for matrix in RatingMatrix.allCases {
      guard let planned = blocks[matrix], let largest = planned.map(\.entryCount).max(), largest > 0 else { continue }
      let kept = min(planned.count, left / (largest * Self.bytesPerEntry))
      for index in planned.indices where (index + 1) * kept / planned.count > index * kept / planned.count {
        blocks[matrix]?[index].placement = .resident
        left -= planned[index].entryCount * Self.bytesPerEntry
      }
    }
    if blocks.values.joined().allSatisfy({ $0.placement != .streamed }) { slotEntries = 0 }
  }
}
