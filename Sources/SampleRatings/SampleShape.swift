/// How large a sample is: numbers of listeners, artists and rating rows. A value of this type can always be generated.
public struct SampleShape: Sendable, Hashable, Codable {
  /// Number of listeners; their ids are 1 … `users`.
  public let users: Int
  /// Number of artists; their ids are 1000001 … 1000000 + `items`. The two odd ids, −100 and −99, come on top.
  public let items: Int
  /// Number of rows of ratings.tsv, odd rows included.
  public let ratings: Int

  /// The most listeners that can be asked for.
  public static let maximumUsers = 100_000_000
  /// The most artists that can be asked for.
  public static let maximumItems = 10_000_000

  /// A shape of the caller's own.
  ///
  /// Throws a ``SampleError`` unless every listener can have at least one rating and need not rate more than half of the
  /// artists on average.
  public init(users: Int, items: Int, ratings: Int) throws(SampleError) {
    guard (1...Self.maximumUsers).contains(users) else {
      throw .outOfRange(what: "users", value: users, allowed: 1...Self.maximumUsers)
    }
    guard (1...Self.maximumItems).contains(items) else {
      throw .outOfRange(what: "items", value: items, allowed: 1...Self.maximumItems)
    }
    guard ratings >= users else { throw .tooFewRatings(ratings: ratings, users: users) }
    let most = users * max(1, items / 2)
    guard ratings <= most else { throw .tooManyRatings(ratings: ratings, users: users, items: items, most: most) }
    self.init(unchecked: users, items, ratings)
  }

  /// For the presets, whose numbers are known to be good.
  init(unchecked users: Int, _ items: Int, _ ratings: Int) {
    self.users = users
    self.items = items
    self.ratings = ratings
  }

  /// The shape of the preset called `name`; throws ``SampleError/unknownPreset(name:)``.
  public static func preset(named name: String) throws(SampleError) -> SampleShape {
    guard let preset = SamplePreset(rawValue: name) else { throw .unknownPreset(name: name) }
    return preset.shape
  }

  /// The most ratings that one listener may have.
  var largestRow: Int { max(1, items * 3 / 5) }
}
