import RatingsIO

extension ExitStatus {
  /// The status for a fault in what was read.
  package init(_ kind: RatingsIOError.Kind) {
    switch kind {
    case .badData: self = .badData
    case .noInput: self = .noInput
    case .usage: self = .usage
    case .ioError: self = .inputOutput
    case .cannotWrite: self = .cannotCreate
    case .unavailable: self = .unavailable
    }
  }

  /// The status for a fault of a model or an output.
  package init(_ kind: ModelFileError.FaultKind) {
    switch kind {
    case .usage: self = .usage
    case .badData: self = .badData
    case .noInput: self = .noInput
    case .cannotWrite: self = .cannotCreate
    case .ioError: self = .inputOutput
    case .unavailable: self = .unavailable
    }
  }
}
