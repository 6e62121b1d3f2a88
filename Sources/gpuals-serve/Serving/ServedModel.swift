import ALS
import ALSReference
import RatingsIO
import Recommendation

/// A model as it is served: read whole, with what is worth computing once. It never changes; a newer one takes its place.
struct ServedModel: Sendable {
  /// The model.
  let model: Model
  /// 1 for the first model of this process, and one more for each that took its place.
  let generation: Int
  /// Factors whose dot products are the scores.
  let scoring: Factors
  /// How many ratings each item has; zeros where the model keeps none.
  let popularity: [Int32]
  /// The ratings that stars stand for.
  let stars: StarScale
  /// When it was written.
  let written: UTCTime?
  private let recommender: Recommender
  private let foldedItems: FoldedUser.Items
  private let catalogue: ItemCatalogue

  /// Reads a model directory.
  ///
  /// - Throws: ``ServeError``.
  init(path: String, generation: Int) throws(ServeError) {
    do {
      model = try ModelDirectory(path).load([.factors, .ids, .names, .ratings])
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
    scoring = model.factors.withBiasesAsFactors
    recommender = Recommender(
      factors: scoring, allowed: [Bool](repeating: true, count: model.items.count), seen: [], count: 0)
    foldedItems = FoldedUser.Items(factors: model.factors, parameters: model.parameters)
    var popularity = [Int32](repeating: 0, count: model.items.count)
    for item in model.ratings?.columnIndices ?? [] { popularity[Int(item)] += 1 }
    self.popularity = popularity
    stars = StarScale(model: model, scoring: scoring)
    catalogue = ItemCatalogue(ids: model.items, names: model.itemNames, popularity: popularity)
  }

  /// The best items for a user whom the model knows.
  func recommendations(forUser user: Int, count: Int, excludingSeen: Bool) -> [ScoredRow] {
    let seen = excludingSeen ? model.ratings.map { $0.columnIndices[$0.entries(ofRow: user)] } ?? [] : []
    return recommender.list(
      forFactors: Array(scoring.user[user]), count: count, excluding: seen.lazy.map { Int($0) })
  }

  /// The ratings of a user whom the model knows, items ascending; none where the model keeps none.
  func ratings(ofUser user: Int) -> [(item: Int, rating: Float)] {
    guard let ratings = model.ratings else { return [] }
    return ratings.entries(ofRow: user).map { (Int(ratings.columnIndices[$0]), ratings.values[$0]) }
  }

  /// The first few users, those with ratings if any are kept.
  var exampleUsers: [Int] {
    let users = (0..<model.users.count).lazy.filter { model.ratings?.entries(ofRow: $0).isEmpty != true }
    return Array(users.prefix(3))
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
