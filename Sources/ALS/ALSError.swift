/// What can go wrong in the mathematics or its inputs. Cases are facts; ``description`` words them.
public enum ALSError: Error, Sendable, Equatable {
  /// A parameter is outside its range.
  case invalidParameter(name: String, value: String, requirement: String)
  /// The normal equations of a row cannot be solved in the arithmetic at hand. `id` is filled in where ids are known.
  case singularSystem(side: Side, row: Int, id: String?)
  /// A factor became infinite or not a number: ratings or weights overflow 32-bit arithmetic.
  case overflow(side: Side, row: Int, id: String?)
  /// There is nothing to train on.
  case noRatings
  /// Early stopping without ratings to measure the error on.
  case nothingHeldOut
  /// The same id stands for two rows.
  case duplicateID(String)
  /// More rows on one side than 32-bit row indices can name.
  case tooManyRows(count: Int)
  /// The device cannot solve systems of this rank.
  case rankTooHigh(rank: Int, maximum: Int, device: String)
  /// Spark's initialization is asked for, and an id of a user is none that Spark could have: `id` is `nil` where the ratings came
  /// without ids.
  case noSparkStart(id: String?)
  /// A state to go on from does not fit the problem.
  case stateMismatch(String)
}

extension ALSError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  public var description: String {
    switch self {
    case .invalidParameter(let name, let value, let requirement):
      return "--\(name) is \(value), but must be \(requirement)"
    case .singularSystem(let side, let row, let id):
      return
        "the equations of \(side.rawValue) \(id ?? "row \(row)") are singular in 32-bit arithmetic: raise --regularization"
        + " (or lower --rank below the number of that \(side.rawValue)'s ratings)"
    case .overflow(let side, let row, let id):
      return
        "the factors of \(side.rawValue) \(id ?? "row \(row)") overflow 32-bit arithmetic: look for extreme ratings"
        + " (--rating-map drops or replaces them), or lower --alpha"
    case .noRatings:
      return "no ratings are left to train on: check the input, --rating-map, --drop-items and --holdout"
    case .nothingHeldOut:
      return
        "--early-stopping needs ratings to measure the error on, of users and items that are trained on: give --test,"
        + " --holdout or --split-by-time"
    case .duplicateID(let id):
      return "the id \"\(id)\" stands for two rows: ids of one side must be distinct"
    case .tooManyRows(let count):
      return "\(count) users or items are more than the \(Int32.max) that a model can hold"
    case .rankTooHigh(let rank, let maximum, let device):
      return "--rank is \(rank), but \(device) solves ranks up to \(maximum): lower --rank, or choose another --device"
    case .noSparkStart(let id?):
      return
        "--initialization spark needs ids of users that are whole numbers from \(Int32.min) to \(Int32.max), as Spark does, and"
        + " \"\(id)\" is none: give those of the numbered users, or leave out --initialization spark"
    case .noSparkStart(nil):
      return
        "--initialization spark depends on the ids of users, and these ratings come without: give them to TrainingData"
    case .stateMismatch(let what):
      return "\(what): start anew without --resume, or give the same ratings and parameters as before"
    }
  }
}
