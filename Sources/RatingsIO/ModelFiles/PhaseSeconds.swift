/// Wall time of the phases of a training run, in seconds.
public struct PhaseSeconds: Codable, Sendable, Equatable {
  /// Reading the ratings.
  public var read: Double
  /// Bringing them into both orientations and onto the device, and compiling kernels.
  public var build: Double
  /// The iterations, the errors after each included.
  public var train: Double
  /// Writing the model. What a model directory says of itself ends before it was written, hence 0 there.
  public var write: Double

  /// Gives all phases; 0 where one is left out.
  public init(read: Double = 0, build: Double = 0, train: Double = 0, write: Double = 0) {
    self.read = read
    self.build = build
    self.train = train
    self.write = write
  }
}
