import ALS
import ALSReference

/// Answers out of one model.
struct ModelAnswers: Sendable {
  let served: ServedModel
  let limits: RequestLimits

  /// Reasons given for a recommendation, at most.
  private static let reasonCount = 3
  /// Operations that reasons may take: a few tens of milliseconds.
  private static let cheapWork = 5e7

  /// What to recommend to a user whom the model knows.
  func recommendations(user id: String, count: Int, excludingSeen: Bool) throws(RequestError) -> RecommendationList {
    guard let user = served.model.users.row(of: id) else { throw .unknownUser(id) }
    let list = served.recommendations(forUser: user, count: count, excludingSeen: excludingSeen)
    return RecommendationList(user: served.model.users[user], recommendations: list.map { listed($0) })
  }

  /// What to recommend to somebody new, and why.
  func recommendations(ratings: [GivenRating], count: Int, excludingSeen: Bool) throws(RequestError)
    -> RecommendationList
  {
    let (known, unknown) = try rows(of: ratings)
    let user: FoldedUser
    do {
      user = try served.foldedUser(known)
    } catch {
      throw .unsolvable
    }
    let list = served.recommendations(for: user, count: count, excluding: excludingSeen ? known.map(\.item) : [])
    let rank = Double(served.model.parameters.rank)
    let explains = Double(list.count) * rank * (rank * rank / 6 + Double(known.count)) <= Self.cheapWork
    return RecommendationList(
      recommendations: list.map { entry in
        var item = listed(entry)
        if explains { item.because = reasons(for: entry.row, of: user, known) }
        return item
      }, unknownItems: unknown.isEmpty ? nil : unknown)
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
      items: served.items(matching: query, count: count).map { row in
        FoundItems.Entry(
          item: served.model.items[row], name: served.name(ofItem: row), ratings: served.popularity[row])
      })
  }

  /// The score of a pair.
  func prediction(user userID: String, item itemID: String) throws(RequestError) -> PredictedScore {
    guard let user = served.model.users.row(of: userID) else { throw .unknownUser(userID) }
    guard let item = served.model.items.row(of: itemID) else { throw .unknownItem(itemID) }
    return PredictedScore(user: userID, item: itemID, prediction: served.scoring.score(user: user, item: item))
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
      predictions.append(try answer(to: instance))
    }
    return .json(PredictionList(predictions: predictions))
  }

  private func answer(to body: InvocationBody) throws(RequestError) -> RecommendationList {
    let count = try limits.checkedListLength(body.n)
    switch (body.user, body.ratings) {
    case (let user?, nil):
      return try recommendations(user: user.text, count: count, excludingSeen: body.excludeSeen ?? true)
    case (nil, let ratings?):
      return try recommendations(ratings: ratings, count: count, excludingSeen: body.excludeSeen ?? true)
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

  private func reasons(for item: Int, of user: FoldedUser, _ ratings: [(item: Int, rating: Float)])
    -> [ListedItem.Reason]?
  {
    guard let explanation = user.explanation(of: item) else { return nil }
    return explanation.contributions.filter { $0.value > 0 }
      .sorted { ($1.value, $0.entry) < ($0.value, $1.entry) }.prefix(Self.reasonCount)
      .map { contribution in
        let (row, rating) = ratings[contribution.entry]
        return ListedItem.Reason(
          item: served.model.items[row], name: served.name(ofItem: row), rating: rating,
          contribution: contribution.value)
      }
  }

  private func listed(_ entry: ScoredRow) -> ListedItem {
    ListedItem(item: served.model.items[entry.row], score: entry.score, name: served.name(ofItem: entry.row))
  }
}
