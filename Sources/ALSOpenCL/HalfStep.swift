import OpenCL

/// Solves all rows of one side on a device: one file per kernel.
protocol HalfStep {
  /// Enqueues the kernels of a half-step. What fails is recorded in the inputs' status buffer.
  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError)

  /// Checks the kernels' arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError)
}

/// What every half-step kernel reads and writes.
struct HalfStepInputs {
  var ratings: DeviceMatrix
  var fixed: FixedFactors
  var solved: DeviceFactors
  /// λ n^ν of each row.
  var regularization: Buffer<Float>
  /// stride × stride: YᵀY of the fixed factors; one element in explicit training.
  var gramian: Buffer<Float>
  var alpha: Float
  /// The lowest row whose system is singular, and the lowest that overflows; `Int32.max` without any.
  var status: Buffer<Int32>
}
