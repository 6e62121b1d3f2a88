/// Which columns hold user, item, rating and time.
public struct ColumnSelection: Sendable, Hashable {
  /// One column.
  public enum Column: Sendable, Hashable {
    /// By the name in the first row.
    case name(String)
    /// By position, counted from 1.
    case position(Int)
  }

  /// The users' ids.
  public var user: Column
  /// The items' ids.
  public var item: Column
  /// The ratings; without it every row counts 1.0.
  public var rating: Column?
  /// The time of the rating. It may be named, and must then be there; it matters where ``ReadOptions/times`` is given.
  public var timestamp: Column?

  /// Gives the columns.
  public init(user: Column, item: Column, rating: Column? = nil, timestamp: Column? = nil) {
    self.user = user
    self.item = item
    self.rating = rating
    self.timestamp = timestamp
  }

  /// Reads `user,item[,rating[,timestamp]]`: names, positions from 1, or both.
  ///
  /// - Throws: ``RatingsIOError/invalidOption(name:value:requirement:)``.
  public init(parsing text: String) throws(RatingsIOError) {
    var columns: [Column] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      var trimmed = part.drop { $0 == " " }
      while trimmed.last == " " { trimmed.removeLast() }
      if trimmed.allSatisfy({ $0.isASCII && $0.isNumber }), let position = Int(trimmed) {
        columns.append(.position(position))
      } else {
        columns.append(.name(String(trimmed)))
      }
    }
    let isSound = columns.allSatisfy { column in
      switch column {
      case .name(let name): !name.isEmpty
      case .position(let position): (1...Self.maximumPosition).contains(position)
      }
    }
    guard isSound, (2...4).contains(columns.count), Set(columns).count == columns.count else {
      throw .invalidOption(
        name: "columns", value: text,
        requirement: "two to four different columns, user,item[,rating[,timestamp]], by name or position from 1")
    }
    self.init(
      user: columns[0], item: columns[1], rating: columns.count > 2 ? columns[2] : nil,
      timestamp: columns.count > 3 ? columns[3] : nil)
  }

  private static let maximumPosition = 10_000

  /// Whether a column is given by name, so that files need a header.
  var needsHeader: Bool {
    [user, item, rating, timestamp].contains {
      if case .name = $0 { true } else { false }
    }
  }
}
