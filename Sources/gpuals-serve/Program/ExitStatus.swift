import RatingsIO

/// How the program ends, by the numbers of sysexits.h that gpuals ends with too.
enum ExitStatus: Int32, Sendable {
  /// Stopped as asked.
  case done = 0
  /// Wrong usage.
  case usage = 64
  /// The model or the token is not what it should be.
  case badData = 65
  /// There is no model, or no token file.
  case noInput = 66
  /// The address cannot be listened on.
  case unavailable = 69
  /// A fault of ours.
  case software = 70
  /// Cannot write. Nothing is written here, but models fail with it.
  case cannotCreate = 73
  /// Reading failed on the way.
  case inputOutput = 74

  /// The status for an error: the one place that knows.
  init(_ error: ServeError) {
    switch error {
    case .model(let error):
      switch error.kind {
      case .usage: self = .usage
      case .badData: self = .badData
      case .noInput: self = .noInput
      case .cannotWrite: self = .cannotCreate
      case .ioError: self = .inputOutput
      case .unavailable: self = .unavailable
      }
    case .noItems, .modelDoesNotFit, .emptyToken: self = .badData
    case .cannotReadToken: self = .noInput
    case .badPort: self = .usage
    case .cannotListen: self = .unavailable
    }
  }
}
