import ALS
import ALSKernels
import OpenCL

/// The factors of the side that a half-step does not change, as its kernels read them.
struct FixedFactors {
  var rowCount: Int
  /// rows × stride: 32-bit floats, or binary16 numbers, two to an element.
  var buffer: Buffer<Float>
}

/// The room for a copy of a side's factors in binary16.
struct HalfFactors {
  private let buffer: Buffer<Float>
  private let kernel: Kernel<Buffer<Float>, UInt64, Buffer<Float>>

  /// - Parameter rows: the most rows that a factor matrix will have.
  init(_ programs: ProgramCache, queue: CommandQueue, rank: Int, tuning: Tuning, rows: Int) throws(OpenCLError) {
    let program = try programs.program(
      Specialization(source: .roundFactors, rank: rank, isImplicit: false, precision: .float16, tuning: tuning))
    kernel = try Kernel(program, "round_factors")
    buffer = try Buffer(
      queue.context, count: rows * Tuning.stride(rank: rank) / 2, what: "the fixed factors in 16 bits")
  }

  /// Enqueues the rounding of all factors of a side.
  func rounding(_ factors: DeviceFactors, on queue: CommandQueue) throws(OpenCLError) -> FixedFactors {
    let size = min(64, queue.context.device.maxWorkGroupSize)
    let count = factors.rowCount * factors.stride
    try kernel.enqueue(
      on: queue, groups: (count / 8 + size - 1) / size, groupSize: size, factors.buffer, UInt64(count), buffer)
    return FixedFactors(rowCount: factors.rowCount, buffer: buffer)
  }

  /// Checks the kernel's arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
