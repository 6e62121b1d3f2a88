/// The parts of a model directory to load. `model.json` is always read.
public struct ModelParts: OptionSet, Sendable, Hashable {
  /// One bit for each part.
  public let rawValue: Int

  /// Gives the bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// `user_factors.npy` and `item_factors.npy`.
  public static let factors = ModelParts(rawValue: 1)
  /// `users.txt` and `items.txt`.
  public static let ids = ModelParts(rawValue: 2)
  /// `item_names.txt`, if there is one.
  public static let names = ModelParts(rawValue: 4)
  /// `ratings.npz`, if there is one.
  public static let ratings = ModelParts(rawValue: 8)
  /// `baseline.npz` and `applied_files.jsonl`, if there are any: what the next update stands on.
  public static let updates = ModelParts(rawValue: 16)
  /// Everything.
  public static let all: ModelParts = [.factors, .ids, .names, .ratings, .updates]
}
