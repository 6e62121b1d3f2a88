/// The form of a file of ratings.
public enum RatingsFormat: String, CaseIterable, Sendable {
  /// Tabs between columns; quotes are ordinary characters.
  case tsv
  /// Commas between columns, RFC 4180 quotes. A quoted field ends on its line.
  case csv
  /// `::` between columns, as in MovieLens `ratings.dat`; quotes are ordinary characters.
  case movielens
  /// One JSON object per line.
  case jsonl
  /// A Matrix Market file of coordinates: its rows are users, its columns items, both counted from 1.
  case matrixMarket = "matrix-market"
  /// A sparse matrix as `scipy.sparse.save_npz` writes it: its rows are users, its columns items, both counted from 0.
  case npz
  /// A NumPy array with a rating in each row.
  case npy
  /// CSV files of the AWS Database Migration Service: changes, each behind its operation I, U or D, and full loads, with or
  /// without it.
  case dmsCSV = "dms-csv"
  /// Messages of the AWS Database Migration Service, one JSON object per line, with `data` and `metadata`.
  case dmsJSON = "dms-json"

  /// The registry: one line per format of delimited columns. `nil`: how its rows split depends on the file, and
  /// ``FileLayout`` finds it out.
  var delimitedSyntax: (any RowSyntax)? {
    switch self {
    case .tsv: TabSeparated()
    case .csv, .dmsCSV: CommaSeparated()
    case .movielens: DoubleColonSeparated()
    case .jsonl, .matrixMarket, .npz, .npy, .dmsJSON: nil
    }
  }
}
