import ALS

/// The memory that a session takes whatever becomes of the ratings, and the list of all of it.
struct FixedMemory {
  private typealias Item = MemoryPlan.Item
  private var items: [MemoryPlan.Item] = []
  private var planBytes = 0
  private var bytesPerBlock = 0
  private var hasBiases = false

  /// Factors of both sides.
  private(set) var factorBytes = 0

  /// All of it, without what each block adds.
  var bytes: Int { items.reduce(0) { $0 + $1.bytes } }

  /// - Parameters:
  ///   - segments: those of a side's factors.
  ///   - share: the rows that are solved.
  init(
    _ data: TrainingData, parameters: ALSParameters, tuning: Tuning, computeUnits: Int, scratchBudget: Int,
    segments: (Side) -> FactorSegments, rotatingSides: [Side], share: RowShare
  ) {
    let stride = Tuning.stride(rank: parameters.unknowns)
    let float = MemoryLayout<Float>.size
    let rows = max(data.byUser.rowCount, data.byItem.rowCount)
    func add(_ name: String, _ bytes: Int, largest: Int? = nil) {
      items.append(Item(name: name, bytes: bytes, largestBytes: largest ?? bytes))
    }
    var scratch: [String: Int] = [:]
    for side in Side.allCases {
      let bytes = data[side].rowCount * stride * float
      factorBytes += bytes
      add("the \(side.rawValue) factors", bytes, largest: segments(side).rows(ofSegment: 0).count * stride * float)
      add("the regularization of the \(side.rawValue)s", share[side].count * float)
      let footprint = tuning.solver.halfStep.footprint(
        of: RowBlock(matrix: data[side], rows: share[side]), stride: stride, tuning: tuning, computeUnits: computeUnits,
        scratchBudget: scratchBudget)
      planBytes += footprint.planBytes
      bytesPerBlock = max(bytesPerBlock, footprint.bytesPerBlock)
      scratch.merge(footprint.scratch) { max($0, $1) }
    }
    add("the plans of the solver", planBytes)
    for (name, bytes) in scratch.sorted(by: { $0.key < $1.key }) { add(name, bytes) }
    if parameters.feedback.isImplicit {
      let gramian = Gramian.bytes(rank: parameters.unknowns, tuning: tuning, rows: rows)
      add("the Gramian and its parts", gramian * (parameters.precision == .float32 ? 1 : 2), largest: gramian)
    }
    if parameters.precision == .float16 {
      let halves = HalfFactors.bytes(rank: parameters.unknowns, sides: Side.allCases.map(segments))
      add("the fixed factors in 16 bits", halves.reduce(0, +), largest: halves.max())
    }
    if parameters.biases {
      hasBiases = true
      let counts = (data.byUser.rowCount, data.byItem.rowCount)
      add("the biases", (counts.0 + counts.1) * float, largest: max(counts.0, counts.1) * float)
    }
    if !rotatingSides.isEmpty {
      let rotated = RotatedFactors.bytes(rank: parameters.unknowns, sides: rotatingSides.map { segments($0.other) })
      add("the rotated fixed factors", rotated.reduce(0, +), largest: rotated.max())
      add("the eigenvectors of the Gramian", (1 + 2 * stride) * stride * float, largest: (1 + stride) * stride * float)
    }
    add("the errors of the rows", rows * float)
  }

  /// All memory of a plan: this, the ratings, and what each block adds.
  func items(with plan: MemoryPlan) -> [MemoryPlan.Item] {
    var all = items
    var blockCount = 0
    for matrix in RatingMatrix.allCases {
      guard let blocks = plan.blocks[matrix] else { continue }
      blockCount += blocks.count
      let resident = blocks.filter { $0.placement == .resident }
      // A buffer without elements has room for one.
      let entries = resident.map { max(1, $0.entryCount) }
      all.append(
        Item(
          name: matrix.description, bytes: entries.reduce(0, +) * MemoryPlan.bytesPerEntry,
          largestBytes: (entries.max() ?? 0) * MemoryLayout<Float>.size))
      // The offsets of a matrix in one piece are shared with its ratings.
      if blocks.count > 1 || blocks.first?.placement != .shared || !plan.share.isWhole {
        all.append(
          Item(
            name: "the row offsets of \(matrix.description)",
            bytes: blocks.reduce(0) { $0 + ($1.rows.count + 1) * MemoryLayout<UInt64>.size },
            largestBytes: blocks.reduce(0) { max($0, ($1.rows.count + 1) * MemoryLayout<UInt64>.size) }))
      }
    }
    if plan.slotEntries > 0 {
      all.append(
        Item(
          name: "two slots for blocks on their way", bytes: 2 * plan.slotEntries * MemoryPlan.bytesPerEntry,
          largestBytes: plan.slotEntries * MemoryLayout<Float>.size))
    }
    if hasBiases {
      let bytes = DeviceBiases.bytes(of: plan.blocks.values.joined())
      all.append(Item(name: "the ratings of a block less the biases", bytes: bytes, largestBytes: bytes))
    }
    // Two integers of status a block, and a place holder.
    let small = blockCount * (bytesPerBlock + 2 * MemoryLayout<Int32>.size) + MemoryLayout<Float>.size
    all.append(Item(name: "counters and status", bytes: small, largestBytes: small))
    return all
  }
}
