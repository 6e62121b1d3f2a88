/// Data sets with traps of their own, known by name.
public enum Dataset: String, CaseIterable, Sendable {
  /// Yahoo! Music R1: tab-separated without quotes; 255 means "never play again" and the artists −100 and −99 are none.
  case yahooR1 = "yahoo-r1"

  /// The encoding of its names.
  public var nameEncoding: TextEncoding? {
    switch self {
    case .yahooR1: .windows1252
    }
  }
}
