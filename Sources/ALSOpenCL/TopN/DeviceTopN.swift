import ALS
import ALSKernels
import OpenCL

/// `top_n_cpu.cl` and `top_n_gpu.cl`: the items with the highest scores for a batch of users.
final class DeviceTopN {
  /// What the device found for a batch.
  struct Found {
    /// users × length of a list, in no order; -1 where there are fewer.
    var rows: [Int32]
    /// For each user a score that nothing left out exceeds in the arithmetic of the device; -∞ where nothing was.
    var thresholds: [Float]
  }

  private typealias TopNKernel = Kernel<
    UInt32, UInt32, Buffer<Float>, Buffer<Float>, Buffer<Int32>, UInt32, Buffer<Float>, Buffer<Float>, Buffer<UInt64>,
    Buffer<Int32>, UInt32, UInt32, Buffer<Float>, Buffer<Int32>, Buffer<Float>
  >

  /// The most users of a batch.
  let capacity: Int
  private let queue: CommandQueue
  private let kernel: TopNKernel
  private let shape: Shape
  private let rank: Int
  private let count: Int
  private let segments: [ItemSegment]
  private let users: Buffer<Float>
  private let norms: Buffer<Float>
  private let seenOffsets: Buffer<UInt64>
  private var seen: Buffer<Int32>
  private let scores: Buffer<Float>
  private let rows: Buffer<Int32>
  private let thresholds: Buffer<Float>
  private var packed: [Float]

  /// Panels of items that have a buffer of their own, for one with all may be larger than the device allows.
  private struct ItemSegment {
    let itemCount: Int
    let factors: Buffer<Float>
    let bounds: Buffer<Float>
    let rows: Buffer<Int32>

    /// Uploads some of the panels.
    init(_ panels: ItemPanels, _ range: Range<Int>, rank: Int, on queue: CommandQueue) throws(OpenCLError) {
      let panelFloats = rank * ItemPanels.lanes
      let items = range.lowerBound * ItemPanels.lanes..<min(panels.rows.count, range.upperBound * ItemPanels.lanes)
      itemCount = items.count
      factors = try Buffer(queue.context, count: range.count * panelFloats, what: "the item factors")
      bounds = try Buffer(queue.context, count: range.count, what: "the norms of the items")
      rows = try Buffer(queue.context, count: items.count, what: "the order of the items")
      try panels.factors.withUnsafeBufferPointer { (pointer) throws(OpenCLError) in
        let floats = range.lowerBound * panelFloats..<range.upperBound * panelFloats
        try queue.write(UnsafeBufferPointer(rebasing: pointer[floats]), to: factors)
      }
      try queue.write(Array(panels.bounds[range]), to: bounds)
      try queue.write(Array(panels.rows[items]), to: rows)
    }
  }

  /// How a family's kernel takes its users.
  struct Shape {
    var source: KernelSource
    /// Users side by side in a panel.
    var lanes: Int
    /// Users of a work-group.
    var groupUsers: Int
    /// Work-items of a work-group.
    var groupSize: Int
    /// Users of a batch that give every core something to do for a while.
    var batch: Int

    init(_ family: KernelFamily) {
      switch family {
      case .cpu: self.init(source: .topNCPU, lanes: 6, groupUsers: 48, groupSize: 1, batch: 1 << 13)
      case .gpu: self.init(source: .topNGPU, lanes: 64, groupUsers: 64, groupSize: 256, batch: 1 << 16)
      }
    }

    private init(source: KernelSource, lanes: Int, groupUsers: Int, groupSize: Int, batch: Int) {
      self.source = source
      self.lanes = lanes
      self.groupUsers = groupUsers
      self.groupSize = groupSize
      self.batch = batch
    }
  }

  /// Memory for the lists of a batch, and for its factors, at most.
  private static let batchBytes = 128 << 20

  /// Uploads the items.
  ///
  /// - Parameters:
  ///   - count: length of the lists.
  ///   - mostUsers: the most users that will be asked for at a time.
  init(
    _ programs: ProgramCache, queue: CommandQueue, family: KernelFamily, panels: ItemPanels, rank: Int, count: Int,
    mostUsers: Int
  ) throws(OpenCLError) {
    self.queue = queue
    self.rank = rank
    self.count = count
    shape = Shape(family)
    kernel = try Kernel(try programs.program(shape.source), shape.source.rawValue)
    let groupUsers = shape.groupUsers
    let affordable = min(
      shape.batch, Self.batchBytes / (8 * count), Self.batchBytes / (4 * rank), max(1, mostUsers))
    capacity = (affordable + groupUsers - 1) / groupUsers * groupUsers
    let context = queue.context
    let panelBytes = rank * ItemPanels.lanes * MemoryLayout<Float>.size
    let mostPanels = max(1, Int(clamping: context.maxAllocationBytes) / panelBytes)
    var segments: [ItemSegment] = []
    for start in stride(from: 0, to: panels.bounds.count, by: mostPanels) {
      segments.append(
        try ItemSegment(panels, start..<min(panels.bounds.count, start + mostPanels), rank: rank, on: queue))
    }
    self.segments = segments
    users = try Buffer(context, count: capacity * rank, what: "the user factors of a batch")
    norms = try Buffer(context, count: capacity, what: "the norms of a batch of users")
    seenOffsets = try Buffer(context, count: capacity + 1, what: "the offsets of what a batch of users has seen")
    seen = try Buffer(context, count: 0, what: "what a batch of users has seen")
    scores = try Buffer(context, count: capacity * count, what: "the scores of a batch of lists")
    rows = try Buffer(context, count: capacity * count, what: "a batch of lists")
    thresholds = try Buffer(context, count: capacity, what: "the thresholds of a batch of lists")
    packed = [Float](repeating: 0, count: capacity * rank)
  }

  /// The best rows for some users, at most ``capacity`` of them.
  ///
  /// - Parameters:
  ///   - norms: not below the norms of the users, rounding included.
  func find(for userRows: ArraySlice<Int>, of factors: FactorMatrix, norms userNorms: [Float], seen: SeenRows)
    throws(OpenCLError) -> Found
  {
    let userCount = userRows.count
    guard userCount > 0 else { return Found(rows: [], thresholds: []) }
    guard !segments.isEmpty else {
      return Found(
        rows: [Int32](repeating: -1, count: userCount * count),
        thresholds: [Float](repeating: -.infinity, count: userCount))
    }
    let groups = (userCount + shape.groupUsers - 1) / shape.groupUsers
    pack(userRows, of: factors, paddedTo: groups * shape.groupUsers)
    if seen.rows.count > self.seen.count {
      self.seen = try Buffer(
        queue.context, count: seen.rows.count + seen.rows.count / 4, what: "what a batch of users has seen")
    }
    try packed.withUnsafeBufferPointer { (packed) throws(OpenCLError) in
      try queue.write(UnsafeBufferPointer(rebasing: packed[..<(groups * shape.groupUsers * rank)]), to: users)
    }
    try queue.write(userNorms, to: norms)
    try queue.write(seen.offsets, to: seenOffsets)
    try queue.write(seen.rows, to: self.seen)
    for (index, segment) in segments.enumerated() {
      let goesOn: UInt32 = index > 0 ? 1 : 0
      try kernel.enqueue(
        on: queue, groups: groups, groupSize: shape.groupSize, UInt32(rank), UInt32(segment.itemCount),
        segment.factors, segment.bounds, segment.rows, UInt32(userCount), users, norms, seenOffsets, self.seen,
        UInt32(count), goesOn, scores, rows, thresholds)
    }
    var found = Found(
      rows: [Int32](repeating: 0, count: userCount * count), thresholds: [Float](repeating: 0, count: userCount))
    try found.rows.withUnsafeMutableBufferPointer { (pointer) throws(OpenCLError) in
      try queue.read(rows, into: pointer)
    }
    try found.thresholds.withUnsafeMutableBufferPointer { (pointer) throws(OpenCLError) in
      try queue.read(thresholds, into: pointer)
    }
    return found
  }

  /// Arranges users in panels, with zeros for those who fill up the last ones.
  private func pack(_ userRows: ArraySlice<Int>, of factors: FactorMatrix, paddedTo padded: Int) {
    let (rank, lanes) = (rank, shape.lanes)
    let first = userRows.startIndex
    packed.withUnsafeMutableBufferPointer { buffer in
      factors.values.withUnsafeBufferPointer { values in
        // Every panel is written by one worker.
        nonisolated(unsafe) let packed = buffer
        nonisolated(unsafe) let values = values
        Parallel.performRanges(padded / lanes, grain: max(1, 512 / lanes)) { range in
          for user in range.lowerBound * lanes..<range.upperBound * lanes {
            let start = user / lanes * rank * lanes + user % lanes
            if user < userRows.count {
              let row = userRows[first + user] * rank
              for k in 0..<rank { packed[start + k * lanes] = values[row + k] }
            } else {
              for k in 0..<rank { packed[start + k * lanes] = 0 }
            }
          }
        }
      }
    }
  }

  /// Checks the kernel's arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
