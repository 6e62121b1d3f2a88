import ALS
import OpenCL

/// The factors of the side that a half-step does not change, as its kernels read them.
struct FixedFactors {
  let segments: FactorSegments
  /// One for each segment, or more. rows × stride: 32-bit floats, or binary16 numbers, two to an element.
  let buffers: [Buffer<Float>]

  var rowCount: Int { segments.rowCount }
}

/// `FIXED_PARAMETERS` of `common.cl`.
extension FixedFactors: KernelArguments {
  static var argumentTypes: [any KernelArgument.Type] {
    Array(repeating: Buffer<Float>.self, count: FactorSegments.most) + [UInt32.self]
  }
  var arguments: [any KernelArgument] {
    // No kernel reads a segment that is not there, but every argument wants a buffer.
    (0..<FactorSegments.most).map { $0 < segments.count ? buffers[$0] : buffers[0] }
      + [UInt32(segments.rowsPerSegment)]
  }
}
