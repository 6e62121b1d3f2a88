import RatingsIO
import Synchronization

/// The model that is served now. Who has taken it keeps it to the end of a request, whatever takes its place meanwhile.
final class ModelHolder: Sendable {
  /// The directory.
  let path: String
  private let served: Mutex<ServedModel>
  /// The state of the directory that was read last, or tried.
  private let stamp: Mutex<ModelStamp?>

  /// Reads the first model.
  init(path: String) throws(ServeError) {
    self.path = path
    // Taken before reading: a model that comes meanwhile is read again rather than overlooked.
    stamp = Mutex(ModelDirectory(path).stamp)
    served = Mutex(try ServedModel(path: path, generation: 1))
  }

  /// The model.
  var current: ServedModel { served.withLock { $0 } }

  /// Reads the model again if another one stands in its place; blocks meanwhile. The old one stays if the new one is damaged, which
  /// is tried again only once it has changed.
  ///
  /// - Returns: the new model; `nil` where there is none.
  func refresh() throws(ServeError) -> ServedModel? {
    // Between the old directory and the new one there may be none for a moment.
    guard let found = ModelDirectory(path).stamp else { return nil }
    guard stamp.withLock({ $0 != found }) else { return nil }
    stamp.withLock { $0 = found }
    let next = try ServedModel(path: path, generation: current.generation + 1)
    served.withLock { $0 = next }
    return next
  }
}
