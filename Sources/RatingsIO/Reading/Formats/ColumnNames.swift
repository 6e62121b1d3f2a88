/// Names of columns that need no explanation.
enum ColumnNames {
  enum Role: CaseIterable {
    case user
    case item
    case rating
    case timestamp
    case itemName
  }

  /// The role of a column of this name. Case, spaces, `_` and `-` do not count.
  static func role(of name: String) -> Role? {
    let plain = String(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " })
    return roles[plain]
  }

  private static let roles: [String: Role] = {
    let ids: [(Role, [String])] = [
      (.user, ["user", "customer", "listener", "member", "visitor", "reviewer", "account"]),
      (
        .item,
        [
          "item", "movie", "artist", "song", "track", "album", "product", "book", "article", "anime", "game", "video",
          "business", "show",
        ]
      ),
    ]
    var roles: [String: Role] = ["uid": .user, "iid": .item, "isbn": .item, "asin": .item, "sku": .item]
    for (role, names) in ids {
      for name in names {
        for ending in ["", "s", "id", "ids"] { roles[name + ending] = role }
      }
    }
    let others: [(Role, [String])] = [
      (
        .rating,
        [
          "rating", "ratings", "score", "value", "count", "plays", "playcount", "weight", "stars", "overall", "listens",
          "preference", "quantity",
        ]
      ),
      (.timestamp, ["timestamp", "time", "date", "datetime", "ts", "unixreviewtime", "reviewtime"]),
      (.itemName, ["name", "title", "label", "artistname", "itemname", "movietitle", "booktitle", "trackname"]),
    ]
    for (role, names) in others {
      for name in names { roles[name] = role }
    }
    return roles
  }()
}
