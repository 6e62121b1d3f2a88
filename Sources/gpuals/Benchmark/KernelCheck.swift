import ALS
import ALSOpenCL
import ALSReference
import OpenCL

/// Every variant of the kernels against the reference, on small problems of every shape.
struct KernelCheck {
  /// One comparison.
  struct Result: Encodable {
    /// cpu or gpu.
    var kernels: String
    var variant: String
    /// explicit or implicit.
    var feedback: String
    var rank: Int
    var problem: String
    /// ‖found − expected‖ / ‖expected‖; absent where nothing was computed.
    var difference: Double?
    var tolerance: Double
    var passed: Bool
    /// What went wrong, if nothing was computed.
    var failure: String?
  }

  let device: Device
  let families: [KernelFamily]
  let variants: [BenchmarkVariant]
  let ranks: [Int]
  let feedbacks: [Feedback]
  /// The largest difference that passes, in place of each variant's own.
  var tolerance: Double?

  /// Compares everything with everything; `tell` hears each result as it comes.
  func results(_ tell: (Result) throws -> Void) throws -> [Result] {
    let problems = try CheckProblem.all()
    let backends = try families.map { try OpenCLBackend(device: device, kernelFamily: $0) }
    var results: [Result] = []
    for rank in ranks {
      for feedback in feedbacks {
        for problem in problems {
          for variant in variants {
            // One solution by the reference serves all kernels.
            let parameters = try variant.parameters(rank: rank, iterations: problem.iterations, feedback: feedback)
            let expected = try problem.solve(on: ReferenceBackend(), parameters)
            for backend in backends where variant.families.contains(backend.kernelFamily) {
              let result = result(backend, variant, problem, parameters, expected: expected)
              try tell(result)
              results.append(result)
              try Interruption.shared.check("interrupted: the check is not complete")
            }
          }
        }
      }
    }
    return results
  }

  private func result(
    _ backend: OpenCLBackend, _ variant: BenchmarkVariant, _ problem: CheckProblem, _ parameters: ALSParameters,
    expected: [Side: FactorMatrix]
  ) -> Result {
    var result = Result(
      kernels: backend.kernelFamily.rawValue, variant: variant.name,
      feedback: parameters.feedback.isImplicit ? "implicit" : "explicit", rank: parameters.rank, problem: problem.name,
      tolerance: tolerance ?? variant.tolerance, passed: false)
    do {
      let difference = CheckProblem.relativeDifference(try problem.solve(on: backend, parameters), expected)
      if difference.isFinite {
        result.difference = difference
        result.passed = difference <= result.tolerance
      } else {
        result.failure = "not a number"
      }
    } catch {
      // One kernel that does not compile must not hide what the others do.
      result.failure = FailureMessage.text(for: error) ?? "\(error)"
    }
    return result
  }
}
