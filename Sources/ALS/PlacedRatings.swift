/// Ratings where a backend computes with them: brought there once, for any number of sessions, at once or one after another.
public protocol PlacedRatings: Sendable {
  /// The ratings.
  var data: TrainingData { get }

  /// Starts a session on them; as ``Backend/makeSession(data:parameters:initial:)``.
  func makeSession(parameters: ALSParameters, initial: Factors) throws -> any TrainingSession

  /// What a session would take of the device's memory; `nil` where there is no device.
  ///
  /// - Throws: what `makeSession` would, where that can be told without starting one.
  func memoryDemand(_ parameters: ALSParameters) throws -> MemoryDemand?

  /// Gives back the memory of ratings that no session reads; the next session brings them to their place again.
  func evict()
}

/// What a session takes of a device's memory, and what there is.
public struct MemoryDemand: Sendable, Equatable {
  /// The most that the session takes, with the ratings, in bytes.
  public var bytes: Int
  /// The most that all sessions together may take, in bytes.
  public var availableBytes: Int

  /// Gives both.
  public init(bytes: Int, availableBytes: Int) {
    self.bytes = bytes
    self.availableBytes = availableBytes
  }
}

/// Ratings that every session brings to its place anew.
struct UnplacedRatings: PlacedRatings {
  let backend: any Backend
  let data: TrainingData

  func makeSession(parameters: ALSParameters, initial: Factors) throws -> any TrainingSession {
    try backend.makeSession(data: data, parameters: parameters, initial: initial)
  }

  func memoryDemand(_ parameters: ALSParameters) -> MemoryDemand? { nil }

  func evict() {}
}
