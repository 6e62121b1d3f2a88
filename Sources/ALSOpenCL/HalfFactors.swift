import ALS
import ALSKernels
import OpenCL

/// The room for a copy of a side's factors in binary16, in the segments of whichever side is copied.
struct HalfFactors {
  private let buffers: [Buffer<Float>]
  private let kernel: Kernel<Buffer<Float>, UInt64, Buffer<Float>>

  /// Bytes of each buffer: room for that segment of any of the sides.
  static func bytes(rank: Int, sides: [FactorSegments]) -> [Int] {
    FactorSegments.largestRows(of: sides).map { $0 * Tuning.stride(rank: rank) * MemoryLayout<UInt16>.size }
  }

  /// - Parameter sides: what will be copied, one at a time.
  init(_ programs: ProgramCache, queue: CommandQueue, rank: Int, tuning: Tuning, sides: [FactorSegments])
    throws(OpenCLError)
  {
    let program = try programs.program(
      Specialization(source: .roundFactors, rank: rank, isImplicit: false, precision: .float16, tuning: tuning))
    kernel = try Kernel(program, "round_factors")
    var buffers: [Buffer<Float>] = []
    for bytes in Self.bytes(rank: rank, sides: sides) {
      buffers.append(
        try Buffer(queue.context, count: bytes / MemoryLayout<Float>.size, what: "the fixed factors in 16 bits"))
    }
    self.buffers = buffers
  }

  /// Enqueues the rounding of all factors of a side.
  func rounding(_ factors: DeviceFactors, on queue: CommandQueue) throws(OpenCLError) -> FixedFactors {
    let size = min(64, queue.context.device.maxWorkGroupSize)
    for (whole, half) in zip(factors.buffers, buffers) {
      try kernel.enqueue(
        on: queue, groups: (whole.count / 8 + size - 1) / size, groupSize: size, whole, UInt64(whole.count), half)
    }
    return FixedFactors(segments: factors.segments, buffers: buffers)
  }

  /// Checks the kernel's arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
