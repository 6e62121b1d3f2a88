import RatingsIO
import Synchronization

/// The model that is served now. Who has taken it keeps it to the end of a request, whatever takes its place meanwhile.
final class ModelHolder: Sendable {
  /// The directory.
  let path: String
  private let served: Mutex<ServedModel>
  private let state: Mutex<State>
  private static let patience = Duration.seconds(60)

  private struct State {
    /// The state of the directory that was read last, or tried.
    var stamp: ModelStamp?
    /// When that failed, if it did.
    var failure: ContinuousClock.Instant?
  }

  /// Reads the first model.
  init(path: String) throws(ServeError) {
    self.path = path
    // Taken before reading: a model that comes meanwhile is read again rather than overlooked.
    state = Mutex(State(stamp: try? ModelDirectory(path).stamp()))
    served = Mutex(try ServedModel(path: path, generation: 1))
  }

  /// The model.
  var current: ServedModel { served.withLock { $0 } }

  /// Reads the model again if another one stands in its place; blocks meanwhile. The old one stays if the new one cannot be read, which
  /// is tried again once it has changed, or after a minute: what failed may have been the way to it.
  ///
  /// - Returns: the new model; `nil` where there is none.
  func refresh() throws -> ServedModel? {
    // Between the old directory and the new one there may be none for a moment.
    guard let found = try ModelDirectory(path).stamp() else { return nil }
    let now = ContinuousClock.now
    let isNew = state.withLock { state in
      guard state.stamp != found || state.failure.map({ now - $0 > Self.patience }) ?? false else { return false }
      state.stamp = found
      state.failure = nil
      return true
    }
    guard isNew else { return nil }
    do {
      let next = try ServedModel(path: path, generation: current.generation + 1)
      served.withLock { $0 = next }
      return next
    } catch {
      state.withLock { $0.failure = now }
      throw error
    }
  }
}
