import ALS
import Synchronization

/// A backend that computes nothing of worth, and remembers what it was asked to: every half-step writes its own number,
/// counted from 1, into all factors of the side.
final class RecordingBackend: Backend {
  struct Failure: Error {}

  private let calls = Mutex<[String]>([])
  /// The half-step that fails.
  private let failingStep: Int?

  /// What the held-out error is after each iteration; the last one stays.
  private let heldOutErrors: [Double]

  init(failingStep: Int? = nil, heldOutErrors: [Double] = [18]) {
    self.failingStep = failingStep
    self.heldOutErrors = heldOutErrors
  }

  var name: String { "recording" }

  /// What was called, in order.
  var log: [String] { calls.withLock { $0 } }

  func makeSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws -> any TrainingSession {
    record("session")
    return Session(backend: self, factors: initial)
  }

  private func record(_ call: String) { calls.withLock { $0.append(call) } }

  private final class Session: TrainingSession {
    private let backend: RecordingBackend
    private var factors: Factors
    private var step = 0

    let peakDeviceBytes = 12_345

    init(backend: RecordingBackend, factors: Factors) {
      self.backend = backend
      self.factors = factors
    }

    func update(_ side: Side, gramian: FactorMatrix?) throws {
      step += 1
      backend.record("update \(side.rawValue)")
      if step == backend.failingStep { throw Failure() }
      let values = [Float](repeating: Float(step), count: factors[side].values.count)
      let solved = FactorMatrix(rank: factors[side].rank, values: values)
      if side == .user { factors.user = solved } else { factors.item = solved }
    }

    func loss() -> Loss {
      backend.record("loss")
      return Loss(error: 36, regularization: 2)
    }

    func heldOutSquaredError() -> Double {
      backend.record("held out")
      return backend.heldOutErrors[min(step / 2, backend.heldOutErrors.count) - 1]
    }

    func factors(of side: Side) -> FactorMatrix { factors[side] }
  }
}
