import ArgumentParser

/// A length of time on the command line, in seconds.
struct WaitingTime {
  var seconds: Double

  /// A year is as good as for ever, and no clock overflows on the way.
  private static let most = 31_536_000.0

  init(_ text: String) throws {
    guard let seconds = Double(text), (0...Self.most).contains(seconds) else {
      throw ValidationError("'\(text)' is no length of time: give seconds, such as 30 or 0.5")
    }
    self.seconds = seconds
  }
}
