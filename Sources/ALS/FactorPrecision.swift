/// How the fixed factors of a half-step are stored while the other side is solved. All arithmetic is in 32 bits at least, and
/// the factors that come out are 32-bit numbers either way.
public enum FactorPrecision: String, Sendable, Hashable, CaseIterable {
  /// As they are.
  case float32
  /// Rounded to IEEE 754 binary16: half the memory traffic, for a relative error of up to 2⁻¹¹ in every fixed factor.
  case float16
}
