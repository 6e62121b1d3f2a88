/// What `update --json` prints.
struct UpdateSummary: Encodable {
  /// Whether anything was written.
  var updated = false
  var model: String
  var newUsers = 0
  var newItems = 0
  var added = 0
  var changed = 0
  var deleted = 0
  var withoutEffect = 0
  /// Records of a stream that were read, and how many of them were put aside.
  var records = 0
  var rejected = 0
  /// How often the model was published.
  var published = 0
  var usersSolved = 0
  var itemsSolved = 0
  /// Seconds by phase.
  var seconds: [String: Double] = [:]
  /// How far the model was off on the upserts of known users and items, before it learned of them.
  var rmseOfChanges: Double?
  /// Ratings changed since training, as a share of those trained on.
  var shareChanged = 0.0
  /// Why training again is advisable, if it is.
  var retrain: String?

  enum CodingKeys: String, CodingKey {
    case updated, model, added, changed, deleted, seconds, retrain, records, rejected, published
    case newUsers = "new_users"
    case newItems = "new_items"
    case withoutEffect = "without_effect"
    case usersSolved = "users_solved"
    case itemsSolved = "items_solved"
    case rmseOfChanges = "rmse_of_changes"
    case shareChanged = "share_changed"
  }
}
