import ArgumentParser

/// What becomes of a pair that the model does not know.
enum ColdStart: String, CaseIterable, ExpressibleByArgument {
  case nan, drop, mean

  /// In words.
  var outcome: String {
    switch self {
    case .nan: "their prediction is nan"
    case .drop: "they are left out"
    case .mean: "their prediction is a mean of training ratings"
    }
  }
}
