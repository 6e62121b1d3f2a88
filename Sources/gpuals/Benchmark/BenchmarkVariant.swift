import ALS
import ALSOpenCL

/// A way to solve the same problem that `bench` checks and times. A new solver, precision or form is one line in ``all``.
struct BenchmarkVariant: Sendable {
  /// What `--variant` calls it.
  let name: String
  /// The largest ‖found − expected‖ / ‖expected‖ that passes, against the reference with the same parameters.
  let tolerance: Double
  /// The kernels that have it.
  let families: [KernelFamily]
  private let make: @Sendable (_ rank: Int, _ iterations: Int, _ feedback: Feedback) throws(ALSError) -> ALSParameters

  private init(
    _ name: String, tolerance: Double, families: [KernelFamily] = KernelFamily.allCases,
    _ make: @escaping @Sendable (_ rank: Int, _ iterations: Int, _ feedback: Feedback) throws(ALSError) -> ALSParameters
  ) {
    self.name = name
    self.tolerance = tolerance
    self.families = families
    self.make = make
  }

  /// Every variant there is. The first is exact, and is what a plain `gpuals train` does.
  static let all = [
    BenchmarkVariant("cholesky", tolerance: 1e-4) { rank, iterations, feedback throws(ALSError) in
      try ALSParameters(rank: rank, iterations: iterations, feedback: feedback)
    },
    BenchmarkVariant("float16", tolerance: 1e-3) { rank, iterations, feedback throws(ALSError) in
      try ALSParameters(rank: rank, iterations: iterations, feedback: feedback, precision: .float16)
    },
    // Three steps do not converge, and what rounding has changed in a direction stays: in problems of a few rows up to 5e-4.
    BenchmarkVariant("cg", tolerance: 1e-3) { rank, iterations, feedback throws(ALSError) in
      try ALSParameters(
        rank: rank, iterations: iterations, feedback: feedback, solver: .conjugateGradient(steps: 3))
    },
  ]

  /// The parameters of a run.
  func parameters(rank: Int, iterations: Int, feedback: Feedback) throws(ALSError) -> ALSParameters {
    try make(rank, iterations, feedback)
  }
}
