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
    Buffer<Int32>, UInt32, Buffer<Float>, Buffer<Int32>, Buffer<Float>
  >

  /// The most users of a batch.
  let capacity: Int
  private let queue: CommandQueue
  private let kernel: TopNKernel
  private let shape: Shape
  private let rank: Int
  private let count: Int
  private let itemCount: Int
  private let items: Buffer<Float>
  private let bounds: Buffer<Float>
  private let itemRows: Buffer<Int32>
  private let users: Buffer<Float>
  private let norms: Buffer<Float>
  private let seenOffsets: Buffer<UInt64>
  private var seen: Buffer<Int32>
  private let scores: Buffer<Float>
  private let rows: Buffer<Int32>
  private let thresholds: Buffer<Float>
  private var packed: [Float]

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
    itemCount = panels.rows.count
    kernel = try Kernel(try programs.program(shape.source), shape.source.rawValue)
    let groupUsers = shape.groupUsers
    let affordable = min(
      shape.batch, Self.batchBytes / (8 * count), Self.batchBytes / (4 * rank), max(1, mostUsers))
    capacity = (affordable + groupUsers - 1) / groupUsers * groupUsers
    let context = queue.context
    items = try Buffer(context, count: panels.factors.count, what: "the item factors")
    bounds = try Buffer(context, count: panels.bounds.count, what: "the norms of the items")
    itemRows = try Buffer(context, count: panels.rows.count, what: "the order of the items")
    users = try Buffer(context, count: capacity * rank, what: "the user factors of a batch")
    norms = try Buffer(context, count: capacity, what: "the norms of a batch of users")
    seenOffsets = try Buffer(context, count: capacity + 1, what: "the offsets of what a batch of users has seen")
    seen = try Buffer(context, count: 0, what: "what a batch of users has seen")
    scores = try Buffer(context, count: capacity * count, what: "the scores of a batch of lists")
    rows = try Buffer(context, count: capacity * count, what: "a batch of lists")
    thresholds = try Buffer(context, count: capacity, what: "the thresholds of a batch of lists")
    packed = [Float](repeating: 0, count: capacity * rank)
    try queue.write(panels.factors, to: items)
    try queue.write(panels.bounds, to: bounds)
    try queue.write(panels.rows, to: itemRows)
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
    guard itemCount > 0 else {
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
    try kernel.enqueue(
      on: queue, groups: groups, groupSize: shape.groupSize, UInt32(rank), UInt32(itemCount), items, bounds, itemRows,
      UInt32(userCount), users, norms, seenOffsets, self.seen, UInt32(count), scores, rows, thresholds)
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
