import ALS
import RatingsIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why the service does not start, or does not take a new model. Cases are facts; ``description`` words them.
enum ServeError: Error {
  /// The model cannot be read.
  case model(ModelFileError)
  /// The parts of the model do not make a whole.
  case modelDoesNotFit(path: String, reason: ALSError)
  /// There is nothing to recommend.
  case noItems(path: String)
  /// The file of --token-file cannot be read.
  case cannotReadToken(path: String, code: Int32)
  /// The file of --token-file holds no token.
  case emptyToken(path: String)
  /// SAGEMAKER_BIND_TO_PORT is no port.
  case badPort(String)
  /// The address cannot be listened on.
  case cannotListen(host: String, port: Int, code: Int32)
}

extension ServeError: CustomStringConvertible {
  /// One sentence or two: what, where, and the remedy.
  var description: String {
    switch self {
    case .model(let error): return "\(error)"
    case .modelDoesNotFit(let path, let reason): return "\(path): \(reason)"
    case .noItems(let path): return "\(path): the model has no items, so there is nothing to recommend: train again"
    case .cannotReadToken(let path, let code): return "--token-file \(path): \(String(cString: strerror(code)))"
    case .emptyToken(let path):
      return "--token-file \(path): should hold one token, without spaces and of visible ASCII characters"
    case .badPort(let text):
      return "SAGEMAKER_BIND_TO_PORT is \"\(text)\", but must be a port from 0 to 65535"
    case .cannotListen(let host, let port, EADDRINUSE):
      return "port \(port) of \(host) is in use: stop the program that listens there, or choose another --port"
    case .cannotListen(let host, let port, EACCES):
      return "port \(port) of \(host) is not open to this user: choose a --port of 1024 or above"
    case .cannotListen(let host, let port, let code):
      return
        "cannot listen on port \(port) of \(host): \(code == 0 ? "no such host" : String(cString: strerror(code)));"
        + " check --host and --port"
    }
  }
}
