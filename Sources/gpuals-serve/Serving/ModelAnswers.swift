import ALS
import ALSReference

/// Answers out of one model.
struct ModelAnswers: Sendable {
  let served: ServedModel
  let limits: RequestLimits

  /// Reasons given to somebody new who does not say how many.
  private static let reasonCount = 3
  /// Operations that reasons may take: a few tens of milliseconds where nobody has asked for them, else about a second.
  private static let work = (cheap: 5e7, allowed: 1e9)

  /// The model itself.
  var facts: ModelFacts {
    let model = served.model
    return ModelFacts(
      generation: served.generation, users: model.users.count, items: model.items.count, ratings: model.ratingCount,
      rank: model.parameters.rank, feedback: model.parameters.feedback.isImplicit ? "implicit" : "explicit",
      keepsRatings: served.keepsRatings, written: served.written?.text, stars: served.stars.levels,
      listLimit: limits.listLength, exampleUsers: served.exampleUsers.map { model.users[$0] })
  }

  /// What to recommend to a user whom the model knows, and why, if that is asked for and the model keeps its ratings.
  func recommendations(user id: String, count: Int, excludingSeen: Bool, reasonCount: Int?) throws(RequestError)
    -> RecommendationList
  {
    guard let user = served.model.users.row(of: id) else { throw .unknownUser(id) }
    let list = try served.recommendations(forUser: user, count: count, excludingSeen: excludingSeen)
    var items = list.map { listed($0) }
    if let reasonCount, reasonCount > 0 {
      let ratings = try served.ratings(ofUser: user)
      // Solving, which takes the most where there are many ratings, is left to those that it is cheap for as well.
      let rank = Double(served.model.parameters.rank)
      if !ratings.isEmpty, Double(ratings.count) * rank * rank / 2 <= Self.work.allowed,
        let folded = try? served.foldedUser(ratings)
      {
        explain(&items, list, folded, ratings, reasonCount: reasonCount)
      }
    }
    return RecommendationList(user: served.model.users[user], recommendations: items)
  }

  /// What a user whom the model knows has rated, the highest ratings first, equal ones in the order of the model.
  func ratings(user id: String, count: Int) throws(RequestError) -> RatingList {
    guard let user = served.model.users.row(of: id) else { throw .unknownUser(id) }
    guard served.keepsRatings else { throw .ratingsNotKept }
    let ratings = try served.ratings(ofUser: user)
    var best = TopN(count: count)
    for (item, rating) in ratings { best.offer(row: item, score: rating) }
    return RatingList(
      user: served.model.users[user], count: ratings.count,
      ratings: best.sorted.map { entry in
        RatingList.Entry(
          item: served.model.items[entry.row], name: served.name(ofItem: entry.row), rating: entry.score)
      })
  }

  /// An item by its id.
  func item(_ id: String) throws(RequestError) -> FoundItems.Entry {
    guard let item = served.model.items.row(of: id) else { throw .unknownItem(id) }
    return found(item)
  }

  /// What to recommend to somebody new, and why.
  ///
  /// - Parameter reasonCount: `nil` stands for a few where they are cheap.
  func recommendations(ratings: [GivenRating], count: Int, excludingSeen: Bool, reasonCount: Int?)
    throws(RequestError) -> RecommendationList
  {
    let (known, unknown) = try rows(of: ratings)
    let user: FoldedUser
    do {
      user = try served.foldedUser(known)
    } catch {
      throw .unsolvable
    }
    let list = served.recommendations(for: user, count: count, excluding: excludingSeen ? known.map(\.item) : [])
    var items = list.map { listed($0) }
    explain(&items, list, user, known, reasonCount: reasonCount)
    return RecommendationList(recommendations: items, unknownItems: unknown.isEmpty ? nil : unknown)
  }

  /// The items most like one.
  func similar(item id: String, count: Int) throws(RequestError) -> SimilarList {
    guard let item = served.model.items.row(of: id) else { throw .unknownItem(id) }
    return SimilarList(
      item: served.model.items[item], name: served.name(ofItem: item),
      similar: served.similar(toItem: item, count: count).map { listed($0) })
  }

  /// The items that a query finds.
  func items(matching query: String, count: Int) -> FoundItems {
    FoundItems(
      items: served.items(matching: query, count: count).map { found($0) })
  }

  /// The score of a pair.
  func prediction(user userID: String, item itemID: String) throws(RequestError) -> PredictedScore {
    guard let user = served.model.users.row(of: userID) else { throw .unknownUser(userID) }
    guard let item = served.model.items.row(of: itemID) else { throw .unknownItem(itemID) }
    return PredictedScore(user: userID, item: itemID, prediction: try served.score(user: user, item: item))
  }

  /// What SageMaker's clients ask for.
  func invocation(_ body: InvocationBody) throws(RequestError) -> Answer {
    guard let instances = body.instances else { return .json(try answer(to: body)) }
    guard instances.count <= limits.instances else {
      throw .tooMany("instances", count: instances.count, limit: limits.instances)
    }
    var predictions: [RecommendationList] = []
    for instance in instances {
      var instance = instance
      instance.n = instance.n ?? body.n
      instance.excludeSeen = instance.excludeSeen ?? body.excludeSeen
      instance.explain = instance.explain ?? body.explain
      predictions.append(try answer(to: instance))
    }
    return .json(PredictionList(predictions: predictions))
  }

  private func answer(to body: InvocationBody) throws(RequestError) -> RecommendationList {
    let count = try limits.checkedListLength(body.n)
    let reasonCount = try limits.checkedReasons(body.explain)
    switch (body.user, body.ratings) {
    case (let user?, nil):
      return try recommendations(
        user: user.text, count: count, excludingSeen: body.excludeSeen ?? true, reasonCount: reasonCount)
    case (nil, let ratings?):
      return try recommendations(
        ratings: ratings, count: count, excludingSeen: body.excludeSeen ?? true, reasonCount: reasonCount)
    default: throw .badJSON("it should hold one of \"user\" and \"ratings\", or \"instances\" that each do")
    }
  }

  /// The given ratings in the rows of the model, ascending, and the items that it does not know.
  private func rows(of ratings: [GivenRating]) throws(RequestError) -> (
    known: [(item: Int, rating: Float)], unknown: [String]
  ) {
    guard !ratings.isEmpty else { throw .noRatings }
    guard ratings.count <= limits.ratings else {
      throw .tooMany("ratings", count: ratings.count, limit: limits.ratings)
    }
    var known: [(item: Int, rating: Float)] = []
    var unknown: [String] = []
    for given in ratings {
      guard given.rating.magnitude <= ALSParameters.maximumWeight else {
        throw .badRating(item: given.item.text, value: "\(given.rating)")
      }
      if let row = served.model.items.row(of: given.item.text) {
        known.append((row, Float(given.rating)))
      } else {
        unknown.append(given.item.text)
      }
    }
    guard !known.isEmpty else { throw .noKnownItem(count: unknown.count) }
    known.sort { $0.item < $1.item }
    for (a, b) in zip(known, known.dropFirst()) where a.item == b.item {
      throw .repeatedItem(served.model.items[a.item])
    }
    return (known, unknown)
  }

  /// Gives the items of a list their reasons, unless that takes too long.
  private func explain(
    _ items: inout [ListedItem], _ list: [ScoredRow], _ user: FoldedUser, _ ratings: [(item: Int, rating: Float)],
    reasonCount: Int?
  ) {
    let rank = Double(served.model.parameters.rank)
    let work = rank * rank * rank / 6 + Double(list.count) * rank * (rank + Double(ratings.count))
    guard reasonCount != 0, work <= (reasonCount == nil ? Self.work.cheap : Self.work.allowed),
      let explanations = user.explanations(of: list.map(\.row))
    else { return }
    for (place, explanation) in explanations.enumerated() {
      items[place].because = explanation.contributions.filter { $0.value > 0 }
        .sorted { ($1.value, $0.entry) < ($0.value, $1.entry) }.prefix(reasonCount ?? Self.reasonCount)
        .map { contribution in
          let (row, rating) = ratings[contribution.entry]
          return ListedItem.Reason(
            item: served.model.items[row], name: served.name(ofItem: row), rating: rating,
            contribution: contribution.value)
        }
    }
  }

  private func found(_ row: Int) -> FoundItems.Entry {
    FoundItems.Entry(item: served.model.items[row], name: served.name(ofItem: row), ratings: served.popularity[row])
  }

  private func listed(_ entry: ScoredRow) -> ListedItem {
    ListedItem(item: served.model.items[entry.row], score: entry.score, name: served.name(ofItem: entry.row))
  }
}
