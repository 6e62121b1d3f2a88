import ALS
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A trained model on disk: a directory that Python reads in three lines, without gpuals.
///
/// `model.json` (``ModelManifest``) · `user_factors.npy`, `item_factors.npy` (32-bit floats, C order, rows × rank) ·
/// `user_biases.npy`, `item_biases.npy` (32-bit floats) if they were trained ·
/// `users.txt`, `items.txt` (one id per line, UTF-8, row order) · `item_names.txt` if known · `ratings.npz` (the training
/// matrix as a SciPy CSR, users × items) unless left out.
///
/// It is replaced as a whole: who reads it sees the old model or the new one.
public struct ModelDirectory: Sendable {
  /// The path as given.
  public let path: String
  /// What this value and its copies saved last.
  let lastSave = LastSave()

  /// The files that hold some parts of a model.
  static func fileNames(of parts: ModelParts) -> (required: [String], optional: [String]) {
    var required: [String] = []
    var optional: [String] = []
    if parts.contains(.factors) { required += [ModelFileName.userFactors, ModelFileName.itemFactors] }
    // Only models with biases have these: what is missing is found when they are read.
    if parts.contains(.factors) { optional += [ModelFileName.userBiases, ModelFileName.itemBiases] }
    if parts.contains(.ids) { required += [ModelFileName.users, ModelFileName.items] }
    if parts.contains(.names) { optional.append(ModelFileName.itemNames) }
    if parts.contains(.ratings) { optional.append(ModelFileName.ratings) }
    if parts.contains(.updates) { optional += [ModelFileName.baseline, ModelFileName.appliedFiles] }
    return (required, optional)
  }

  /// Names a directory, which need not exist yet. Nothing is touched.
  public init(_ path: String) {
    self.path = path
  }

  /// The place in S3 that the path names; `nil` where it is a directory of this machine.
  var remote: RemoteModel? {
    guard S3Location.holds(path), let place = try? S3Location(path) else { return nil }
    return RemoteModel(place: place)
  }

  /// Whether a model is there, of this or any other version of gpuals.
  public var exists: Bool {
    if let remote { return (try? remote.exists()) == true }
    return Self.holdsModel(path)
  }

  static func holdsModel(_ directory: String) -> Bool {
    let path = FilePath.join(directory, ModelManifest.fileName)
    guard let file = try? ReadableFile(path), let json = try? file.readAll() else { return false }
    return ModelManifest.isManifest(json: json)
  }

  /// Checks what can be checked before hours of training: that the directory can be made, and that it is absent, empty or
  /// a gpuals model. Leaves nothing behind.
  ///
  /// - Throws: ``ModelFileError`` of the kind ``ModelFileError/FaultKind/cannotWrite``.
  public func checkWritable() throws {
    if S3Location.holds(path) {
      // A name that names no bucket is told, too.
      do throws(S3Error) { _ = try S3Location(path) } catch { throw ModelFileError.s3(error) }
      try remote?.checkWritable()
      return
    }
    let target = FilePath.resolved(path)
    try checkReplaceable(target)
    let parent = FilePath.nearestExistingParent(of: target)
    guard FilePath.status(parent)?.isDirectory == true else {
      throw ModelFileError.cannotCreate(path: path, errno: ENOTDIR)
    }
    do {
      // Permissions alone do not tell: root passes them all, and read-only file systems know none.
      let (probe, _) = try PartialName.firstFree(beside: FilePath.join(parent, FilePath.name(of: target))) {
        try Self.makeDirectory($0)
      }
      rmdir(probe)
    } catch let error as ModelFileError {
      throw renamed(error)
    }
  }

  static func makeDirectory(_ path: String) throws {
    guard mkdir(path, 0o777) == 0 else { throw ModelFileError.creating(path, errno: errno) }
  }

  /// Throws where something stands at `target` that a model must not replace.
  func checkReplaceable(_ target: String) throws {
    guard !path.isEmpty, !["", ".", ".."].contains(FilePath.name(of: target)) else {
      throw ModelFileError.cannotCreate(path: path.isEmpty ? "\"\"" : path, errno: EINVAL)
    }
    guard let status = FilePath.status(target) else { return }
    guard status.isDirectory else { throw ModelFileError.wouldReplace(path: path, what: "is not a directory") }
    guard let entries = FilePath.entries(of: target) else {
      throw ModelFileError.cannotCreate(path: path, errno: errno)
    }
    guard entries.isEmpty || Self.holdsModel(target) else {
      throw ModelFileError.wouldReplace(path: path, what: "holds other files and no gpuals model")
    }
    // The directory is exchanged as a whole: whoever stands in it would be left in the old one, which is removed.
    if let current = realpath(".", nil) {
      defer { free(current) }
      let place = String(cString: current)
      guard place != target, !place.hasPrefix(target + "/") else {
        throw ModelFileError.wouldReplace(path: path, what: "is or holds the current directory")
      }
    }
    if MountTable.contains(target) { throw ModelFileError.mountPoint(path: path) }
  }

  /// The same error about the directory that the user named, in place of the one being written beside it.
  func renamed(_ error: ModelFileError, bytesNeeded: Int? = nil) -> ModelFileError {
    func place(_ temporary: String) -> String {
      let name = FilePath.name(of: temporary)
      return ModelFileName.all.contains(name) ? FilePath.join(path, name) : path
    }
    return switch error {
    // By now what was written is removed again, so that the free bytes are those that the next run will find.
    case .diskFull: .diskFull(path: path, bytesNeeded: bytesNeeded, bytesFree: FilePath.bytesFree(at: path))
    case .cannotCreate(let temporary, let code): .cannotCreate(path: place(temporary), errno: code)
    case .writeFailed(let temporary, let code): .writeFailed(path: place(temporary), errno: code)
    case .mountPoint: .mountPoint(path: path)
    default: error
    }
  }
}

/// The files of a model directory.
enum ModelFileName {
  static let userFactors = "user_factors.npy"
  static let userBiases = "user_biases.npy"
  static let itemBiases = "item_biases.npy"
  static let itemFactors = "item_factors.npy"
  static let users = "users.txt"
  static let items = "items.txt"
  static let itemNames = "item_names.txt"
  static let ratings = "ratings.npz"
  static let baseline = "baseline.npz"
  static let appliedFiles = "applied_files.jsonl"

  /// All of them.
  static let all = [
    userFactors, itemFactors, userBiases, itemBiases, users, items, itemNames, ratings, baseline, appliedFiles,
    ModelManifest.fileName,
  ]
}

/// What was saved last, so that the next checkpoint links what is the same instead of writing it again.
final class LastSave: Sendable {
  struct Content: Sendable {
    /// The directory that was written; another one in its place is not ours.
    var directory: FilePath.Status
    var users: IDIndex
    var items: IDIndex
    var itemNames: [String?]?
    var ratingCount: Int
    var ratingsFingerprint: UInt64
  }

  let content = Mutex<Content?>(nil)
}
