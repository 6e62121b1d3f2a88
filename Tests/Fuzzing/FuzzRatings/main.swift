// Feeds libFuzzer's inputs to the readers of ratings, names and lists. What is read may be refused by an error of the library, but
// nothing else may happen; and what is read must not depend on how the file is cut into blocks.
//
// The first three bytes of an input choose how it is read, the rest is the file.

import ALS
import CFuzzer
import Fuzzer
import Glibc
import RatingsIO

/// The file that every input is written to, in memory.
let file = memfd_create("ratings", 0)
let location = Location("/proc/self/fd/\(file)")

/// A file that is made anew for each input that is an array of an archive.
let archive = "\(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")/gpuals-fuzz-\(getpid()).npz"
/// What stands in it: a matrix by rows, and as coordinates.
let members: [(name: String, content: [UInt8])] = [
  ("indices", NumPyFiles.array(type: "<i4", shape: "(3,)", NumPyFiles.bytes([0, 2, 1] as [Int32]))),
  ("indptr", NumPyFiles.array(type: "<i8", shape: "(3,)", NumPyFiles.bytes([0, 2, 3] as [Int64]))),
  ("format", NumPyFiles.array(type: "|S3", shape: "()", Array("csr".utf8))),
  ("shape", NumPyFiles.array(type: "<i8", shape: "(2,)", NumPyFiles.bytes([2, 3] as [Int64]))),
  ("data", NumPyFiles.array(type: "<f8", shape: "(3,)", NumPyFiles.bytes([5, 1, 2] as [Double]))),
  ("row", NumPyFiles.array(type: "<i4", shape: "(3,)", NumPyFiles.bytes([0, 0, 1] as [Int32]))),
  ("col", NumPyFiles.array(type: "<i4", shape: "(3,)", NumPyFiles.bytes([0, 2, 1] as [Int32]))),
]

func options(_ byte: UInt8, _ more: UInt8) -> ReadOptions {
  let formats: [RatingsFormat?] = [nil] + RatingsFormat.allCases
  var options = ReadOptions(format: formats[Int(byte) % formats.count])
  let policies: [DuplicatePolicy] = [.last, .sum, .mean, .keep, .error]
  options.duplicates = policies[Int(more & 7) % policies.count]
  if more & 8 != 0 { options.onError = .skip }
  if more & 16 != 0 { options.times = .from(2) }
  if more & 32 != 0 { options.apply(.yahooR1) }
  if more & 64 != 0 { options.columns = try? ColumnSelection(parsing: "2,1,3") }
  return options
}

/// Reads the lines of an input as messages, and the whole as one.
func checkMessages(_ data: some Sequence<UInt8>, _ options: ReadOptions) {
  let bytes = Array(data)
  var reader = ChangeMessageReader(
    columns: options.columns, ratingMap: options.ratingMap, dropItems: options.dropItems)
  for message in bytes.split(separator: 10).map(Array.init) + [bytes] {
    do throws(RowFault) {
      guard let change = try reader.read(message) else { continue }
      precondition(!change.user.isEmpty && !change.item.isEmpty && change.rating?.isFinite != false)
    } catch {
      precondition(!error.description.isEmpty)
    }
  }
}

func check(_ data: UnsafeBufferPointer<UInt8>) {
  guard data.count > 3 else { return }
  let (how, more, cut) = (data[0], data[1], data[2])
  ftruncate(file, 0)
  pwrite(file, data.baseAddress! + 3, data.count - 3, 0)
  let options = options(how >> 3, more)
  switch how & 7 {
  case 0: _ = try? ItemNamesReader.read(location, encoding: more & 1 == 0 ? .utf8 : .windows1252)
  case 7:
    var damaged = members
    let index = Int(more & 15) % members.count
    damaged[index].content = Array(data.dropFirst(3))
    if more & 16 != 0, members[index].name != "format" {
      damaged[2].content.replaceSubrange(128..., with: Array("coo".utf8))
    }
    do { try NumPyFiles.writeArchive(damaged, to: archive) } catch { fatalError("\(error)") }
    _ = try? RatingsReader(options: ReadOptions(), blockSize: 1 << 16, workerCount: 1).read([Location(archive)])
  case 3: checkMessages(data.dropFirst(3), options)
  case 4:
    if let set = try? RatingsReader(options: options, blockSize: 1 << 16, workerCount: 1).readChanges([location]) {
      precondition(set.upserts.isValid && set.deletions.isValid)
      precondition(set.upserts.rowCount == set.users.count && set.deletions.rowCount == set.users.count)
      precondition(set.upserts.values.allSatisfy(\.isFinite))
    }
  case 1: _ = try? RatingsReader(options: options).times([location])
  default:
    let whole = Result { try RatingsReader(options: options, blockSize: 1 << 16, workerCount: 1).read([location]) }
    // Most of the time is better spent on new inputs.
    guard cut & 7 == 0 else { return }
    let pieces = Result {
      try RatingsReader(options: options, blockSize: Int(cut >> 3) + 1, workerCount: 1).read([location])
    }
    switch (whole, pieces) {
    case (.success(let a), .success(let b)):
      precondition(a.users == b.users)
      precondition(a.items == b.items)
      precondition(a.report == b.report)
      precondition(a.ratings.isValid && a.ratings.values.allSatisfy(\.isFinite))
      precondition(a.ratings.fingerprint == b.ratings.fingerprint)
    case (.failure(let a), .failure(let b)):
      precondition(String(describing: a) == String(describing: b), "\(a) or \(b)")
    case (.success, .failure(let error)), (.failure(let error), .success):
      preconditionFailure("only one of two ways to cut it reads: \(error)")
    }
  }
}

Fuzzer.run(check)
