import ArgumentParser
import RatingsIO

/// What `--split-by-time` says: where the ratings to train on end, and those to test on begin.
enum TimeSplit: Sendable, Equatable, CustomStringConvertible {
  /// So that about this share, the latest, is tested on.
  case share(Double)
  /// At this time.
  case time(Double)

  init(parsing text: String) throws {
    guard let number = TimeRange.time(of: text) else {
      throw ValidationError(
        "'\(text)' is neither a share between 0 and 1 nor a time, such as 2011-04-30 or 1304121600.")
    }
    if number > 0, number < 1 {
      self = .share(number)
    } else if number == 0 || number == 1 {
      throw ValidationError("a share of \(text) leaves nothing on one side: give one between 0 and 1, such as 0.1.")
    } else {
      self = .time(number)
    }
  }

  /// The number as it was given or understood.
  var description: String {
    switch self {
    case .share(let number), .time(let number): "\(number)"
    }
  }

  /// The first time to test on.
  ///
  /// - Parameter times: those of all ratings, which are asked for only if it takes them; at least one.
  func start(_ times: () throws -> [Double]) rethrows -> Double {
    switch self {
    case .time(let time): return time
    case .share(let share):
      let sorted = try times().sorted()
      // Ratings of one time stay together, on the later side.
      return sorted[min(sorted.count - 1, Int((Double(sorted.count) * (1 - share)).rounded()))]
    }
  }
}
