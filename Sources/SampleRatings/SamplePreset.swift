/// Well-known shapes by name.
public enum SamplePreset: String, Sendable, CaseIterable, Codable {
  /// 2,000 × 1,000 with 50,000 ratings: for tests, in a blink.
  case tiny
  /// MovieLens 1M's shape: 6,040 × 3,706 with 1,000,209 ratings.
  case small
  /// MovieLens 20M's shape: 138,493 × 26,744 with 20,000,263 ratings.
  case ml20m
  /// Yahoo! Music R1's shape: 1,948,882 × 98,211 with 115,579,440 ratings.
  case yahooR1 = "yahoo-r1"
  /// The Netflix Prize's shape: 480,189 × 17,770 with 99,072,112 ratings.
  case netflix

  /// Its numbers.
  public var shape: SampleShape {
    switch self {
    case .tiny: SampleShape(unchecked: 2_000, 1_000, 50_000)
    case .small: SampleShape(unchecked: 6_040, 3_706, 1_000_209)
    case .ml20m: SampleShape(unchecked: 138_493, 26_744, 20_000_263)
    case .yahooR1: SampleShape(unchecked: 1_948_882, 98_211, 115_579_440)
    case .netflix: SampleShape(unchecked: 480_189, 17_770, 99_072_112)
    }
  }
}
