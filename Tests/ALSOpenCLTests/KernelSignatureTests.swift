import ALS
import ALSKernels
import ALSOpenCL
import ALSTestSupport
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct KernelSignatureTests {
  /// Families and parameters that between them use every kernel of the repository: the GPU family has one for the exact solver
  /// at low and one at high ranks, one for short rows in explicit training, one for conjugate gradients, and one for nonnegative
  /// factors, here with biases.
  @Test(
    arguments: [
      (KernelFamily.cpu, 10, Feedback.implicit(alpha: 1), Solver.cholesky, false),
      (.gpu, 12, .implicit(alpha: 1), .cholesky, false), (.gpu, 260, .implicit(alpha: 1), .cholesky, false),
      (.gpu, 12, .explicit, .cholesky, false), (.gpu, 12, .explicit, .conjugateGradient(steps: 3), false),
      (.cpu, 10, .explicit, .cholesky, true), (.gpu, 12, .explicit, .cholesky, true),
    ])
  func `Swift and OpenCL agree about the arguments of every kernel`(
    problem: (family: KernelFamily, rank: Int, feedback: Feedback, solver: Solver, nonnegative: Bool)
  ) throws {
    var limits = WorkLimits()
    limits.fewestDualRows = 1
    let rank = problem.rank
    let backend = try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: problem.family, extraBuildOptions: "-cl-kernel-arg-info",
      limits: limits)
    let ratings = CSRMatrix.random(rows: 10, columns: 10, density: 0.5)
    let parameters = try ALSParameters(
      rank: rank, feedback: problem.feedback, solver: problem.solver, nonnegative: problem.nonnegative,
      biases: problem.nonnegative)
    let session = try backend.makeOpenCLSession(
      data: TrainingData(ratings: ratings), parameters: parameters,
      initial: .initial(for: TrainingData(ratings: ratings), parameters: parameters))
    try session.checkKernelSignatures()
  }
}
