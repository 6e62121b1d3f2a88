// Loads model directories in which libFuzzer has put another file in the place of one. It may be refused by an error of the library,
// but nothing else may happen; and what is loaded must hold together.
//
// The first byte of an input chooses the file, or an array within ratings.npz, whose check sum would not survive a change; the rest is
// its content.

import ALS
import Fuzzer
import Glibc
import RatingsIO

/// A small model with every kind of file, in memory where the system has a place for that.
let directory = "\(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")/gpuals-fuzz-\(getpid())"
let names = [
  "model.json", "user_factors.npy", "item_factors.npy", "user_biases.npy", "item_biases.npy", "users.txt", "items.txt",
  "item_names.txt", "ratings.npz",
]
/// The arrays of ratings.npz.
let members: [(name: String, content: [UInt8])] = [
  ("indices", NumPyFiles.array(type: "<i4", shape: "(4,)", NumPyFiles.bytes([0, 1, 1, 0] as [Int32]))),
  ("indptr", NumPyFiles.array(type: "<i4", shape: "(4,)", NumPyFiles.bytes([0, 2, 3, 4] as [Int32]))),
  ("format", NumPyFiles.array(type: "|S3", shape: "()", Array("csr".utf8))),
  ("shape", NumPyFiles.array(type: "<i8", shape: "(2,)", NumPyFiles.bytes([3, 2] as [Int64]))),
  ("data", NumPyFiles.array(type: "<f4", shape: "(4,)", NumPyFiles.bytes([5, 1, 4, 3] as [Float]))),
]

func makeModel() throws {
  let ratings = CSRMatrix(
    columnCount: 2, rowOffsets: [0, 2, 3, 4], columnIndices: [0, 1, 1, 0], values: [5, 1, 4, 3])
  let parameters = try ALSParameters(rank: 2, iterations: 1, biases: true, earlyStopping: 1)
  let factors = Factors(
    user: FactorMatrix(rank: 2, values: [1, 2, 3, 4, 5, 6]), item: FactorMatrix(rank: 2, values: [1, 0, 0, 1]),
    biases: Biases(mean: 3, user: [0, 1, 2], item: [0.5, -0.5]))
  let record = IterationRecord(iteration: 1, seconds: 0.5, trainRMSE: 1, loss: nil, testRMSE: 2)
  let model = Model(
    parameters: parameters, users: try IDIndex(["a", "b", "c"]), items: try IDIndex(["1", "2"]),
    state: TrainingState(history: [record], factors: factors), itemNames: ["One", nil], ratings: ratings,
    ratingCount: 4,
    ratingsFingerprint: ratings.fingerprint, device: "reference")
  try ModelDirectory(directory).save(model, seconds: PhaseSeconds(), peakDeviceBytes: 0, keepsRatings: true)
}

func contents(_ path: String) -> [UInt8] {
  let file = open(path, O_RDONLY)
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = read(file, &bytes, bytes.count)
  return Array(bytes.prefix(max(0, count)))
}

func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: String) {
  let file = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0o600)
  Glibc.write(file, bytes.baseAddress, bytes.count)
  close(file)
}

do { try makeModel() } catch { fatalError("no model to begin with: \(error)") }
let originals = names.map { contents("\(directory)/\($0)") }

func check(_ data: UnsafeBufferPointer<UInt8>) {
  guard let first = data.first else { return }
  let index = Int(first) % (names.count + members.count)
  let content = UnsafeBufferPointer(rebasing: data.dropFirst())
  let path = "\(directory)/\(names[min(index, names.count - 1)])"
  if index < names.count {
    write(content, to: path)
  } else {
    var damaged = members
    damaged[index - names.count].content = Array(content)
    do { try NumPyFiles.writeArchive(damaged, to: path) } catch { fatalError("\(error)") }
  }
  if let model = try? ModelDirectory(directory).load() {
    precondition(model.factors.user.rowCount == model.users.count)
    precondition(model.factors.item.rowCount == model.items.count)
    precondition(model.factors.user.rank == model.parameters.rank)
    if let ratings = model.ratings {
      precondition(ratings.isValid)
      precondition(ratings.rowCount == model.users.count && ratings.columnCount == model.items.count)
    }
    precondition(model.itemNames.map { $0.count == model.items.count } ?? true)
    precondition((0...model.state.history.count).contains(model.state.iteration))
  }
  originals[min(index, names.count - 1)].withUnsafeBufferPointer { write($0, to: path) }
}

// Seeds: the files of the model as they are.
if let place = CommandLine.arguments.dropFirst().first(where: { $0.hasPrefix("--write-seeds=") })?.dropFirst(14) {
  for (index, bytes) in (originals + members.map(\.content)).enumerated() {
    let name = (names + members.map(\.name))[index]
    ([UInt8(index)] + bytes).withUnsafeBufferPointer { write($0, to: "\(place)/\(name)") }
  }
  exit(0)
}

Fuzzer.run(check)
