#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can go wrong with model directories and output files. Cases are facts; ``description`` words them.
public enum ModelFileError: Error, Sendable, Equatable {
  /// There is no model at a path.
  case notAModel(path: String, reason: String)
  /// A part of a model is damaged or does not fit the other parts.
  case damaged(file: String, reason: String)
  /// The model was written by a later version of gpuals.
  case newerFormat(file: String, version: Int, supported: Int)
  /// A model in memory lacks parts, or its parts do not fit each other.
  case incompleteModel(reason: String)
  /// Something that is not a model stands where a model is to be written.
  case wouldReplace(path: String, what: String)
  /// A directory is the root of a mounted file system, which cannot be renamed.
  case mountPoint(path: String)
  /// A file or directory cannot be made.
  case cannotCreate(path: String, errno: Int32)
  /// The file system is full (or the quota is used up).
  case diskFull(path: String, bytesNeeded: Int?, bytesFree: Int?)
  /// Writing failed midway.
  case writeFailed(path: String, errno: Int32)
  /// The reader of a pipe went away.
  case brokenPipe(path: String)
  /// Reading failed.
  case readFailed(path: String, errno: Int32)
  /// A place in S3 cannot be read or written.
  case s3(S3Error)
  /// The ending of an output file's name names no form.
  case unknownEnding(path: String, endings: [String])
}

extension ModelFileError {
  /// What kind of fault it is; each kind is one exit code of the command line.
  public enum FaultKind: Sendable, Hashable, CaseIterable {
    /// Wrong usage: 64.
    case usage
    /// Bad data: 65.
    case badData
    /// No such input: 66.
    case noInput
    /// Cannot write: 73.
    case cannotWrite
    /// Input/output error: 74.
    case ioError
    /// Something that is needed is not available: 69.
    case unavailable
  }

  /// The kind of this error.
  public var kind: FaultKind {
    switch self {
    case .unknownEnding: .usage
    case .damaged, .newerFormat, .incompleteModel: .badData
    case .notAModel: .noInput
    case .wouldReplace, .mountPoint, .cannotCreate, .diskFull: .cannotWrite
    case .writeFailed, .brokenPipe, .readFailed: .ioError
    case .s3(let error):
      switch error.kind {
      case .usage: .usage
      case .noInput: .noInput
      case .unavailable: .unavailable
      case .ioError: .ioError
      }
    }
  }
}

extension ModelFileError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  public var description: String {
    switch self {
    case .notAModel(let path, let reason):
      return "\(path) is not a gpuals model: \(reason)"
    case .damaged(let file, let reason):
      return "\(file): \(reason); the model is damaged: train again, or restore it from a copy"
    case .newerFormat(let file, let version, let supported):
      return
        "\(file): the model was written by a newer gpuals (format \(version), this one reads up to \(supported)):"
        + " update gpuals"
    case .incompleteModel(let reason):
      return "the model cannot be saved: \(reason)"
    case .wouldReplace(let path, let what):
      return "\(path) \(what), and would be replaced: give a new or empty directory, or one that holds a gpuals model"
    case .mountPoint(let path):
      return
        "\(path) is a mount point and cannot be replaced in one step: give a directory inside it, such as \(path)/model"
    case .cannotCreate(let path, let code):
      return "cannot write \(path): \(Self.text(of: code)); give another path, or mend its permissions"
    case .diskFull(let path, let needed, let free):
      var message = "no space left to write \(path)"
      if let needed { message += ": about \(Self.size(needed)) are needed" }
      if let free { message += (needed == nil ? ": " : ", ") + "\(Self.size(free)) are free" }
      return message + "; make room, or give a path on another disk"
    case .writeFailed(let path, let code):
      return "writing \(path) failed: \(Self.text(of: code))"
    case .brokenPipe(let path):
      return "writing \(path) failed: the program that reads it has ended"
    case .readFailed(let path, let code):
      return "reading \(path) failed: \(Self.text(of: code))"
    case .s3(let error):
      return "\(error)"
    case .unknownEnding(let path, let endings):
      return "\(path): the ending names no form of output: use one of \(endings.joined(separator: ", "))"
    }
  }

  private static func text(of code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// Bytes in decimal units with one digit after the point.
  private static func size(_ bytes: Int) -> String {
    var tenths = bytes.multipliedReportingOverflow(by: 10).overflow ? bytes : bytes * 10
    if bytes < 1000 { return "\(bytes) bytes" }
    for unit in ["KB", "MB", "GB"] {
      tenths /= 1000
      if tenths < 10_000 || unit == "GB" { return "\(tenths / 10).\(tenths % 10) \(unit)" }
    }
    return "\(bytes) bytes"
  }

  /// The error for a failed system call that makes or writes `path`.
  static func writing(_ path: String, errno code: Int32) -> ModelFileError {
    switch code {
    case ENOSPC, EDQUOT: .diskFull(path: path, bytesNeeded: nil, bytesFree: nil)
    case EPIPE: .brokenPipe(path: path)
    default: .writeFailed(path: path, errno: code)
    }
  }

  /// The error for a failed system call that creates `path`.
  static func creating(_ path: String, errno code: Int32) -> ModelFileError {
    switch code {
    case ENOSPC, EDQUOT: .diskFull(path: path, bytesNeeded: nil, bytesFree: nil)
    default: .cannotCreate(path: path, errno: code)
    }
  }
}
