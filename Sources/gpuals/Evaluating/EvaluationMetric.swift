/// A metric as `--metrics` names it: `rmse`, `ndcg@10`.
enum EvaluationMetric: Hashable, Sendable {
  case rmse, mae, auc
  /// Those of lists of so many items.
  case precision(Int)
  case recall(Int), ndcg(Int), map(Int), coverage(Int), novelty(Int)

  /// The length of lists where a name has none.
  static let defaultLength = 10
  /// Lists longer than this say nothing about recommendations, and take memory for each user.
  static let longestList = 10_000

  /// The forms of all names, for errors.
  static let forms = ["rmse", "mae", "auc"] + lists.map { "\($0.name)@K" }

  private static let lists: [(name: String, metric: @Sendable (Int) -> EvaluationMetric)] = [
    ("precision", { .precision($0) }), ("recall", { .recall($0) }), ("ndcg", { .ndcg($0) }), ("map", { .map($0) }),
    ("coverage", { .coverage($0) }), ("novelty", { .novelty($0) }),
  ]

  /// Understands a name.
  ///
  /// - Throws: `CommandError.unknownMetric`.
  init(_ text: String) throws(CommandError) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    let length = parts.count > 1 ? Int(parts[1]) : Self.defaultLength
    if let list = Self.lists.first(where: { $0.name == parts[0] }), parts.count <= 2, let length,
      (1...Self.longestList).contains(length)
    {
      self = list.metric(length)
      return
    }
    switch text {
    case "rmse": self = .rmse
    case "mae": self = .mae
    case "auc": self = .auc
    default: throw .unknownMetric(text, known: Self.forms)
    }
  }

  /// The name, with the length of the lists: "ndcg@10".
  var name: String {
    switch self {
    case .rmse: "rmse"
    case .mae: "mae"
    case .auc: "auc"
    case .precision(let k): "precision@\(k)"
    case .recall(let k): "recall@\(k)"
    case .ndcg(let k): "ndcg@\(k)"
    case .map(let k): "map@\(k)"
    case .coverage(let k): "coverage@\(k)"
    case .novelty(let k): "novelty@\(k)"
    }
  }

  /// The length of the lists that it looks at; `nil` if at none.
  var length: Int? {
    switch self {
    case .rmse, .mae, .auc: nil
    case .precision(let k), .recall(let k), .ndcg(let k), .map(let k), .coverage(let k), .novelty(let k): k
    }
  }

  /// Whether a search can aim at it. Lists that cover much or hold what is little known need not be good ones.
  var isGoal: Bool {
    switch self {
    case .coverage, .novelty: false
    default: true
    }
  }

  /// Whether a model is better the higher it is.
  var isHigherBetter: Bool { !isError }

  /// Whether it is about errors of predictions, and not about the order of items.
  var isError: Bool { self == .rmse || self == .mae }
}
