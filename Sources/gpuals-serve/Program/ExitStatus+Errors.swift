import RatingsIO
import SystemProgram

extension ExitStatus {
  /// The status for an error: the one place that knows.
  init(_ error: ServeError) {
    switch error {
    case .model(let error): self.init(error.kind)
    case .noItems, .modelDoesNotFit, .emptyToken: self = .badData
    case .cannotReadToken: self = .noInput
    case .badPort: self = .usage
    case .cannotListen: self = .unavailable
    }
  }
}
