import ALS
import ALSKernels
import OpenCL

/// Mean and biases on a device, and the ratings less them; see `biases.cl`. Between half-steps the factors have ones in the place
/// of the biases.
struct DeviceBiases {
  private let mean: Float
  private let user: Buffer<Float>
  private let item: Buffer<Float>
  /// Room for the ratings of any block, less the biases.
  private let left: Buffer<Float>
  private let takeOff:
    Kernel<
      Buffer<UInt64>, Buffer<Int32>, Buffer<Float>, Float, Buffer<Float>, Buffer<Float>, UInt32, UInt32, Buffer<Float>
    >
  private let takeOut: Kernel<Buffer<Float>, UInt32, UInt32, Buffer<Float>>
  private let putIn: Kernel<Buffer<Float>, UInt32, UInt32, Buffer<Float>>
  private let groupSize: Int

  /// Bytes of the room for the ratings of a block.
  static func bytes(of blocks: some Sequence<MemoryPlan.Block>) -> Int {
    blocks.reduce(1) { max($0, $1.entryCount) } * MemoryLayout<Float>.size
  }

  /// Uploads the biases.
  init(
    _ programs: ProgramCache, queue: CommandQueue, parameters: ALSParameters, tuning: Tuning, plan: MemoryPlan,
    initial: Biases
  ) throws(OpenCLError) {
    let context = queue.context
    mean = initial.mean
    user = try Buffer(context, count: initial.user.count, what: "the biases of the users")
    item = try Buffer(context, count: initial.item.count, what: "the biases of the items")
    try queue.write(initial.user, to: user)
    try queue.write(initial.item, to: item)
    left = try Buffer(
      context, count: Self.bytes(of: plan.blocks.values.joined()) / MemoryLayout<Float>.size,
      what: "the ratings less the biases")
    let program = try programs.program(
      Specialization(
        source: .biases, rank: parameters.unknowns, isImplicit: false, precision: .float32, tuning: tuning))
    takeOff = try Kernel(program, "take_off_biases")
    takeOut = try Kernel(program, "take_out_biases")
    putIn = try Kernel(program, "put_in_biases")
    groupSize = tuning.evaluationGroupSize
  }

  /// The biases of a side.
  subscript(side: Side) -> Buffer<Float> { side == .user ? user : item }

  /// Enqueues the computation of a block's ratings less mean and biases. The next call writes to the same memory.
  ///
  /// - Parameters:
  ///   - side: that of the rows.
  ///   - withRows: takes off the biases of the rows as well, and adds 1: for comparing with the products of rows with ones in the
  ///     place of the biases.
  func takenOff(
    _ ratings: DeviceMatrix, side: Side, firstRow: Int, withRows: Bool, on queue: CommandQueue
  ) throws(OpenCLError) -> DeviceMatrix {
    try takeOff.enqueue(
      on: queue, groups: ratings.rowCount, groupSize: groupSize, ratings.rowOffsets, ratings.columns, ratings.ratings,
      mean, self[side.other], self[side], UInt32(firstRow), withRows ? 1 : 0, left)
    return DeviceMatrix(
      rowCount: ratings.rowCount, rowOffsets: ratings.rowOffsets, columns: ratings.columns, ratings: left)
  }

  /// Enqueues taking the biases out of a side's factors.
  func takeOut(of factors: DeviceFactors, _ side: Side, on queue: CommandQueue) throws(OpenCLError) {
    try forEachSegment(of: factors, on: queue) { (rows, buffer, groups, size) throws(OpenCLError) in
      try takeOut.enqueue(
        on: queue, groups: groups, groupSize: size, buffer, UInt32(rows.count), UInt32(rows.lowerBound), self[side])
    }
  }

  /// Enqueues putting them back.
  func putIn(_ factors: DeviceFactors, _ side: Side, on queue: CommandQueue) throws(OpenCLError) {
    try forEachSegment(of: factors, on: queue) { (rows, buffer, groups, size) throws(OpenCLError) in
      try putIn.enqueue(
        on: queue, groups: groups, groupSize: size, buffer, UInt32(rows.count), UInt32(rows.lowerBound), self[side])
    }
  }

  private func forEachSegment(
    of factors: DeviceFactors, on queue: CommandQueue,
    _ enqueue: (_ rows: Range<Int>, Buffer<Float>, _ groups: Int, _ groupSize: Int) throws(OpenCLError) -> Void
  ) throws(OpenCLError) {
    let size = min(64, queue.context.device.maxWorkGroupSize)
    for (segment, buffer) in factors.buffers.enumerated() {
      let rows = factors.segments.rows(ofSegment: segment)
      if !rows.isEmpty { try enqueue(rows, buffer, (rows.count + size - 1) / size, size) }
    }
  }

  /// Checks the kernels' arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) {
    try takeOff.checkSignature()
    try takeOut.checkSignature()
    try putIn.checkSignature()
  }
}
