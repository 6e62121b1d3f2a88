/// What a device is, as its driver says.
public enum DeviceKind: String, Sendable, Hashable, Codable {
  /// The host's processor.
  case cpu
  /// A graphics processor.
  case gpu
  /// A dedicated accelerator.
  case accelerator
  /// None of these.
  case other
}
