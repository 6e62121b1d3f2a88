import ALS
import ALSOpenCL
import CGPUALS
import OpenCL

/// What can be wrong with a call, beyond what the libraries report. Cases are facts; ``description`` words them.
enum LibraryFailure: Error {
  case nullPointer(String)
  case parametersSize(Int, expected: Int)
  case unknownDevice(String)
  case badOffsets
  case badColumn(row: Int, column: Int, columns: Int)
  case badValue(row: Int)
  case tooLarge(String, Int)
  case shape(String)
}

extension LibraryFailure: CustomStringConvertible {
  var description: String {
    switch self {
    case .nullPointer(let name): "\(name) is NULL"
    case .parametersSize(let size, let expected):
      "the parameters are of \(size) bytes, and this library knows \(expected): call gpuals_parameters_init first"
    case .unknownDevice(let name):
      "\"\(name)\" is no device: give auto, reference, or numbers of 'gpuals devices', with commas between them"
    case .badOffsets: "the offsets of the ratings do not begin at 0, or descend"
    case .badColumn(let row, let column, let columns):
      "row \(row) of the ratings has column \(column), but there are \(columns), which have to ascend within a row"
    case .badValue(let row): "row \(row) of the ratings holds a value that is not finite"
    case .tooLarge(let name, let value): "\(name) is \(value), and at most 2147483647 is possible"
    case .shape(let reason): reason
    }
  }

  var status: gpuals_status {
    switch self {
    case .nullPointer, .parametersSize, .tooLarge, .shape: GPUALS_USAGE
    case .unknownDevice: GPUALS_UNAVAILABLE
    case .badOffsets, .badColumn, .badValue: GPUALS_BAD_DATA
    }
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
