import OpenCL

/// Consecutive rows of a factor matrix in the memory of a device, in one buffer: what kernels write to.
struct FactorRows {
  let rowCount: Int
  /// rows × stride.
  let buffer: Buffer<Float>
}
