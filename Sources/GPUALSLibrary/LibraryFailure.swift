import ALS
import ALSOpenCL
import CGPUALS
import OpenCL

/// What can be wrong with a call, beyond what the libraries report. Cases are facts; ``description`` words them.
enum LibraryFailure: Error {
  case nullPointer(String)
  case parametersSize(Int)
  case unknownDevice(String)
  case badOffsets
  case badColumn(row: Int, column: Int, columns: Int)
  case badValue(row: Int)
  case size(String, Int)
  case notFinite(String, row: Int)
  case deviceAtWork
  case shape(String)
}

extension LibraryFailure: CustomStringConvertible {
  var description: String {
    switch self {
    case .nullPointer(let name): "\(name) is NULL"
    case .parametersSize(let size):
      "the parameters say that they have \(size) bytes: let gpuals_parameters_init set them up"
    case .unknownDevice(let name):
      "\"\(name)\" is no device: give auto, reference, or numbers of 'gpuals devices', with commas between them"
    case .badOffsets: "the offsets of the ratings do not begin at 0, or descend"
    case .badColumn(let row, let column, let columns):
      "row \(row) of the ratings has column \(column), but there are \(columns), which have to ascend within a row"
    case .badValue(let row): "row \(row) of the ratings holds a value that is not finite"
    case .size(let name, let value): "\(name) is \(value), and has to be from 0 to 2147483647"
    case .notFinite(let name, let row): "row \(row) of \(name) holds an infinity or a NaN"
    case .deviceAtWork:
      "the device is at work for the call whose progress function makes this one: call after it has ended"
    case .shape(let reason): reason
    }
  }

  var status: gpuals_status {
    switch self {
    case .nullPointer, .parametersSize, .size, .shape, .unknownDevice, .deviceAtWork: GPUALS_USAGE
    case .badOffsets, .badColumn, .badValue, .notFinite: GPUALS_BAD_DATA
    }
  }
}

extension LibraryFailure {
  /// Refuses a number of rows or columns that cannot be.
  static func check(_ name: String, _ value: Int64) throws(LibraryFailure) {
    guard value >= 0, value <= Int64(Int32.max) else { throw .size(name, Int(value)) }
  }
}

/// The outcome of a call: its status, and its message in the caller's buffer.
func outcome(
  _ message: UnsafeMutablePointer<CChar>?, _ messageSize: Int, _ body: () throws -> gpuals_status
) -> Int32 {
  do {
    let status = try body()
    write("", to: message, messageSize)
    return Int32(status.rawValue)
  } catch {
    write("\(error)", to: message, messageSize)
    return Int32(status(of: error).rawValue)
  }
}

private func status(of error: any Error) -> gpuals_status {
  switch error {
  case let error as LibraryFailure: return error.status
  case let error as ALSError:
    switch error {
    case .invalidParameter, .singularSystem, .rankTooHigh, .nothingHeldOut: return GPUALS_USAGE
    case .overflow, .noRatings, .duplicateID, .tooManyRows, .noSparkStart, .stateMismatch: return GPUALS_BAD_DATA
    }
  case is DeviceMemoryError: return GPUALS_UNAVAILABLE
  case let error as OpenCLError:
    switch error {
    case .buildFailed, .kernelSignature: return GPUALS_SOFTWARE
    case .workGroupTooLarge: return GPUALS_USAGE
    case .call(_, let status, _):
      let isMemory = [.memObjectAllocationFailure, .outOfResources, .outOfHostMemory].contains(status)
      return isMemory ? GPUALS_UNAVAILABLE : GPUALS_SOFTWARE
    default: return GPUALS_UNAVAILABLE
    }
  default: return GPUALS_SOFTWARE
  }
}

/// Puts a text into a buffer of the caller's, whole characters alone, with a NUL behind it.
func write(_ text: String, to buffer: UnsafeMutablePointer<CChar>?, _ size: Int) {
  guard let buffer, size > 0 else { return }
  var count = 0
  for character in text {
    let bytes = Array(String(character).utf8)
    guard count + bytes.count < size else { break }
    for byte in bytes {
      buffer[count] = CChar(bitPattern: byte)
      count += 1
    }
  }
  buffer[count] = 0
}
