import ArgumentParser
import RatingsIO

/// What `--format` names.
enum FormatChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  case auto, tsv, csv, movielens, jsonl
  case matrixMarket = "matrix-market"
  case npz, npy
  case dmsCSV = "dms-csv"
  case dmsJSON = "dms-json"

  /// The format, or `nil` to find it by looking.
  var format: RatingsFormat? {
    switch self {
    case .auto: nil
    case .tsv: .tsv
    case .csv: .csv
    case .movielens: .movielens
    case .jsonl: .jsonl
    case .matrixMarket: .matrixMarket
    case .npz: .npz
    case .npy: .npy
    case .dmsCSV: .dmsCSV
    case .dmsJSON: .dmsJSON
    }
  }
}
