/// What the commands of one name took in all.
public struct CommandTime: Sendable, Equatable {
  /// The kernel's name, or `write`, `read`, `fill`.
  public var name: String
  /// Number of commands.
  public var count: Int
  /// From start to end on the device, added up.
  public var seconds: Double
  /// Bytes moved by `write`, `read` and `fill`; 0 for kernels.
  public var bytes: Int
}
