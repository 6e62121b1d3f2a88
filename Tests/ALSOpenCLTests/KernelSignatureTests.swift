import ALS
import ALSKernels
import ALSOpenCL
import ALSTestSupport
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct KernelSignatureTests {
  /// Ranks and families that between them use every kernel of the repository.
  @Test(arguments: [(KernelFamily.cpu, 10), (.gpu, 10), (.gpu, 200)])
  func `Swift and OpenCL agree about the arguments of every kernel`(family: KernelFamily, rank: Int) throws {
    let backend = try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: family, extraBuildOptions: "-cl-kernel-arg-info")
    let ratings = CSRMatrix.random(rows: 10, columns: 10, density: 0.5)
    let parameters = try ALSParameters(rank: rank, feedback: .implicit(alpha: 1))
    let session = try backend.makeOpenCLSession(
      data: TrainingData(ratings: ratings), parameters: parameters,
      initial: Factors(user: .initial(for: ratings, parameters: parameters), item: FactorMatrix(zeros: 10, rank: rank)))
    try session.checkKernelSignatures()
  }
}
