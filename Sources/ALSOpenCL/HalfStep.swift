import OpenCL

/// Solves the rows of a block on a device: one file per kernel.
protocol HalfStep {
  /// Enqueues the kernels of a half-step. What fails is recorded in the inputs' status buffer.
  func enqueue(on queue: CommandQueue, _ inputs: HalfStepInputs) throws(OpenCLError)

  /// Checks the kernels' arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError)

  /// The memory that it will take at most; see ``HalfStepFootprint``.
  static func footprint(
    of rows: some RatingRows, stride: Int, tuning: Tuning, computeUnits: Int, scratchBudget: Int
  ) -> HalfStepFootprint
}

/// What every half-step kernel reads and writes.
struct HalfStepInputs {
  var ratings: DeviceMatrix
  var fixed: FixedFactors
  var solved: FactorRows
  /// λ n^ν of each row.
  var regularization: Buffer<Float>
  /// stride × stride: YᵀY of the fixed factors; one element in explicit training.
  var gramian: Buffer<Float>
  /// Where short rows of implicit training are to be solved in the dual form on a CPU.
  var rotation: Rotation?
  var alpha: Float
  /// The lowest row whose system is singular, and the lowest that overflows; `Int32.max` without any.
  var status: Buffer<Int32>
}

/// The most memory that half-steps take on a device beside ratings and factors, in bytes.
struct HalfStepFootprint: Equatable {
  /// For the plans of all rows of a side, however they are cut into blocks.
  var planBytes: Int
  /// For each block on top of that.
  var bytesPerBlock: Int
  /// Shared by all half-steps: what it is for, and bytes.
  var scratch: [String: Int]
}

/// The last arguments of a kernel that solves rows from their ratings.
extension HalfStepInputs: KernelArguments {
  static var argumentTypes: [any KernelArgument.Type] {
    [Buffer<UInt64>.self, Buffer<Int32>.self, Buffer<Float>.self] + FixedFactors.argumentTypes
      + Solution.argumentTypes + [Float.self]
  }
  var arguments: [any KernelArgument] {
    [ratings.rowOffsets, ratings.columns, ratings.ratings] + fixed.arguments + solution.arguments + [alpha]
  }

  /// Those of a kernel that solves rows whose equations are there.
  var solution: Solution { Solution(inputs: self) }

  /// What every solution needs, wherever its equations come from.
  struct Solution: KernelArguments {
    fileprivate var inputs: HalfStepInputs

    static var argumentTypes: [any KernelArgument.Type] {
      [Buffer<Float>.self, Buffer<Float>.self, Buffer<Float>.self, Buffer<Int32>.self]
    }
    var arguments: [any KernelArgument] {
      [inputs.solved.buffer, inputs.regularization, inputs.gramian, inputs.status]
    }
  }
}
