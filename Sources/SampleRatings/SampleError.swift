#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a sample could not be made. ``description`` says what, where, and the remedy.
public enum SampleError: Error, Equatable, Sendable {
  /// There is no preset of that name.
  case unknownPreset(name: String)
  /// A count that is zero, negative or beyond what can be generated.
  case outOfRange(what: String, value: Int, allowed: ClosedRange<Int>)
  /// Fewer ratings than listeners, though each listener has at least one.
  case tooFewRatings(ratings: Int, users: Int)
  /// More ratings than half of all pairs.
  case tooManyRatings(ratings: Int, users: Int, items: Int, most: Int)
  /// A directory or file that cannot be made, written, synced or renamed; `code` is the system's errno.
  case cannotWrite(path: String, code: Int32)
  /// Another process is writing a sample to the same place.
  case busy(path: String)

  /// Whether the request was at fault (wrong usage) rather than the place to write to.
  public var isUsageError: Bool {
    switch self {
    case .unknownPreset, .outOfRange, .tooFewRatings, .tooManyRatings: true
    case .cannotWrite, .busy: false
    }
  }
}

extension SampleError: CustomStringConvertible {
  /// The message for a person.
  public var description: String {
    switch self {
    case .unknownPreset(let name):
      let names = SamplePreset.allCases.map(\.rawValue).joined(separator: ", ")
      return "there is no preset called \"\(name)\"; use one of \(names)"
    case .outOfRange(let what, let value, let allowed):
      return "\(what) is \(value), but must be between \(allowed.lowerBound) and \(allowed.upperBound)"
    case .tooFewRatings(let ratings, let users):
      return "\(ratings) ratings cannot be given by \(users) users, each of whom has at least one; "
        + "ask for at least \(users) ratings, or for fewer users"
    case .tooManyRatings(let ratings, let users, let items, let most):
      return "\(ratings) ratings are too many for \(users) users and \(items) items, "
        + "where a user rates at most half of the items on average; "
        + "ask for at most \(most) ratings, or for more users or items"
    case .cannotWrite(let path, let code):
      return "cannot write \(path): \(String(cString: strerror(code))); \(Self.remedy(code))"
    case .busy(let path):
      return "\(path) is being written by another gpuals; wait for it, or choose another directory"
    }
  }

  private static func remedy(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "free some space, choose another directory, or ask for fewer ratings"
    case ENOTDIR, EEXIST: "a file is in the way: choose another directory"
    case EISDIR: "a directory is in the way: move it, or choose another directory"
    default: "choose a directory that you may write to"
    }
  }
}
