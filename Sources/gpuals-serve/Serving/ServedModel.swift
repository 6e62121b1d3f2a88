import ALS
import ALSReference
import RatingsIO
import Recommendation

/// A model as it is served, with what is worth computing once. Its items are in memory, its users on the disk. It never changes; a newer
/// one takes its place.
struct ServedModel: Sendable {
  /// The model, without the factors and the ratings of its users.
  let model: Model
  /// 1 for the first model of this process, and one more for each that took its place.
  let generation: Int
  /// How many ratings each item has; zeros where the model keeps none.
  let popularity: [Int32]
  /// The ratings that stars stand for.
  let stars: StarScale
  /// When it was written.
  let written: UTCTime?
  private let users: StoredUsers
  /// The users' biases, where they were trained.
  private let userBiases: [Float]?
  /// The items' factors whose dot products with those of a user are the scores.
  private let scoring: FactorMatrix
  private let recommender: Recommender
  private let foldedItems: FoldedUser.Items
  private let catalogue: ItemCatalogue

  /// Reads a model directory.
  ///
  /// - Throws: ``ServeError``.
  init(path: String, generation: Int) throws(ServeError) {
    var model: Model
    do {
      (model, users) = try ModelDirectory(path).loadWithStoredUsers()
    } catch let error as ModelFileError {
      throw .model(error)
    } catch let error as ALSError {
      throw .modelDoesNotFit(path: path, reason: error)
    } catch {
      throw .model(.damaged(file: path, reason: "\(error)"))
    }
    guard model.items.count > 0 else { throw .noItems(path: path) }
    self.generation = generation
    written = (try? ModelDirectory(path).stamp())?.written.map(UTCTime.init)
    let factors = model.factors.withBiasesAsFactors
    var popularity = [Int32](repeating: 0, count: model.items.count)
    for item in model.ratings?.columnIndices ?? [] { popularity[Int(item)] += 1 }
    self.popularity = popularity
    stars = StarScale(model: model, scoring: factors)
    scoring = factors.item
    userBiases = model.factors.biases?.user
    // All that belongs to users has been checked, and is not held.
    let none = FactorMatrix(zeros: 0, rank: model.parameters.rank)
    model.ratings = nil
    model.state.factors = Factors(
      user: none, item: model.factors.item,
      biases: model.factors.biases.map { Biases(mean: $0.mean, user: [], item: $0.item) })
    recommender = Recommender(
      factors: Factors(user: FactorMatrix(zeros: 0, rank: scoring.rank), item: scoring),
      allowed: [Bool](repeating: true, count: model.items.count), seen: [], count: 0)
    foldedItems = FoldedUser.Items(factors: model.factors, parameters: model.parameters)
    catalogue = ItemCatalogue(ids: model.items, names: model.itemNames, popularity: popularity)
    self.model = model
  }

  /// Whether the model keeps its ratings.
  var keepsRatings: Bool { users.keepsRatings }

  /// The factors of a user that give the scores.
  private func factors(ofUser user: Int) throws(RequestError) -> [Float] {
    do {
      let factors = try users.factors(ofRow: user)
      guard let userBiases, let biases = model.factors.biases else { return factors }
      return factors + [1, biases.mean + userBiases[user]]
    } catch {
      throw .modelUnreadable("\(error)")
    }
  }

  /// The best items for a user whom the model knows.
  func recommendations(
    forUser user: Int, count: Int, excludingSeen: Bool
  ) throws(RequestError) -> [ScoredRow] {
    let seen = excludingSeen ? try ratings(ofUser: user) : []
    return recommender.list(
      forFactors: try factors(ofUser: user), count: count, excluding: seen.lazy.map(\.item))
  }

  /// The ratings of a user whom the model knows, items ascending; none where the model keeps none.
  func ratings(ofUser user: Int) throws(RequestError) -> [(item: Int, rating: Float)] {
    do { return try users.ratings(ofRow: user) } catch { throw .modelUnreadable("\(error)") }
  }

  /// The score of a pair.
  func score(user: Int, item: Int) throws(RequestError) -> Float {
    let factors = FactorMatrix(rank: scoring.rank, values: try factors(ofUser: user))
    return Factors(user: factors, item: scoring).score(user: 0, item: item)
  }

  /// The first few users, those with ratings if any are kept.
  var exampleUsers: [Int] {
    let rows = (0..<model.users.count).lazy.filter { !users.keepsRatings || users.ratingCount(ofRow: $0) > 0 }
    return Array(rows.prefix(3))
  }

  /// Somebody whom the model does not know, solved from ratings.
  ///
  /// - Parameter ratings: items ascend, each at most once.
  func foldedUser(_ ratings: [(item: Int, rating: Float)]) throws(ALSError) -> FoldedUser {
    try FoldedUser(
      ratings: CSRMatrix(
        columnCount: model.items.count, rowOffsets: [0, ratings.count], columnIndices: ratings.map { Int32($0.item) },
        values: ratings.map(\.rating)),
      model: model.factors, items: foldedItems, parameters: model.parameters)
  }

  /// The best items for somebody whom the model does not know.
  func recommendations(for user: FoldedUser, count: Int, excluding rows: [Int]) -> [ScoredRow] {
    var x = user.factors
    if let bias = user.bias, let biases = model.factors.biases { x += [1, biases.mean + bias] }
    return recommender.list(forFactors: x, count: count, excluding: rows)
  }

  /// The items most like one, as `gpuals similar` lists them.
  func similar(toItem item: Int, count: Int) -> [ScoredRow] {
    model.factors.mostSimilar(to: item, side: .item, count: count)
  }

  /// The items whose names or ids hold a text; see ``ItemCatalogue``.
  func items(matching query: String, count: Int) -> [Int] { catalogue.rows(matching: query, count: count) }

  /// What an item is called, if that is known.
  func name(ofItem item: Int) -> String? { model.itemNames?[item] }
}
