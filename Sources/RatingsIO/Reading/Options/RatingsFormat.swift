/// How columns are told apart in a text file of ratings.
public enum RatingsFormat: String, CaseIterable, Sendable {
  /// Tabs between columns; quotes are ordinary characters.
  case tsv
  /// Commas between columns, RFC 4180 quotes. A quoted field ends on its line.
  case csv
  /// `::` between columns, as in MovieLens `ratings.dat`; quotes are ordinary characters.
  case movielens

  /// The registry: one line per format.
  var syntax: any RowSyntax {
    switch self {
    case .tsv: TabSeparated()
    case .csv: CommaSeparated()
    case .movielens: DoubleColonSeparated()
    }
  }
}
