/// A trained recommender: factors, the ids of their rows, and what it was trained from.
public struct Model: Sendable {
  /// The parameters of the run.
  public var parameters: ALSParameters
  /// Ids of the rows of the user factors.
  public var users: IDIndex
  /// Ids of the rows of the item factors.
  public var items: IDIndex
  /// The factors and the record of each iteration.
  public var state: TrainingState
  /// Names of the items in row order, where known. Rows without a name hold `nil`.
  public var itemNames: [String?]?
  /// The training matrix, users × items, unless it was left out.
  public var ratings: CSRMatrix?
  /// Number of training ratings.
  public var ratingCount: Int
  /// ``CSRMatrix/fingerprint`` of the training matrix.
  public var ratingsFingerprint: UInt64
  /// ``Backend/name`` of where it was trained.
  public var device: String
  /// What was folded in since then, if anything.
  public var updates: UpdateRecord?
  /// What training made of the rows that updates have solved anew, if any.
  public var baseline: Baseline?
  /// Files of changes that were folded in, by their names.
  public var appliedFiles: [AppliedFile]

  /// Gives all parts.
  public init(
    parameters: ALSParameters, users: IDIndex, items: IDIndex, state: TrainingState, itemNames: [String?]? = nil,
    ratings: CSRMatrix?, ratingCount: Int, ratingsFingerprint: UInt64, device: String, updates: UpdateRecord? = nil,
    baseline: Baseline? = nil, appliedFiles: [AppliedFile] = []
  ) {
    self.parameters = parameters
    self.users = users
    self.items = items
    self.state = state
    self.itemNames = itemNames
    self.ratings = ratings
    self.ratingCount = ratingCount
    self.ratingsFingerprint = ratingsFingerprint
    self.device = device
    self.updates = updates
    self.baseline = baseline
    self.appliedFiles = appliedFiles
  }

  /// The factors.
  public var factors: Factors { state.factors }

  /// The version of gpuals, written into models and shown by `--version`.
  public static let softwareVersion = "0.1.0"
}
