import ALS
import RatingsIO
import SystemProgram

/// What `inspect` finds out about ratings; its JSON.
struct Inspection: Encodable {
  /// Number of users.
  var users: Int
  /// Number of items.
  var items: Int
  /// Ratings that would be trained on.
  var ratings: Int
  /// The share of all pairs of a user and an item that are rated.
  var density: Double
  /// Ratings of one user.
  var ratingsPerUser: RowLengths
  /// Ratings of one item.
  var ratingsPerItem: RowLengths
  /// The lowest rating.
  var lowestRating: Float
  /// The highest rating.
  var highestRating: Float
  /// The mean rating.
  var meanRating: Double
  /// Rows of data in the files, those left out included.
  var rows: Int
  /// Bytes read, as they stand in the files.
  var bytes: Int
  /// Wall time.
  var seconds: Seconds
  /// The most memory that the process held at any time, in bytes; 0 where the system does not tell.
  var peakMemoryBytes: Int

  /// Wall time of the phases.
  struct Seconds: Encodable {
    /// Reading, up to the matrix by user.
    var read: Double
    /// The matrix by item.
    var build: Double
  }

  enum CodingKeys: String, CodingKey {
    case users, items, ratings, density, rows, bytes, seconds
    case ratingsPerUser = "ratings_per_user"
    case ratingsPerItem = "ratings_per_item"
    case lowestRating = "lowest_rating"
    case highestRating = "highest_rating"
    case meanRating = "mean_rating"
    case peakMemoryBytes = "peak_memory_bytes"
  }

  /// Looks at ratings in both orientations.
  init(_ data: TrainingData, report: ReadReport, readSeconds: Double, buildSeconds: Double) {
    let matrix = data.byUser
    users = matrix.rowCount
    items = matrix.columnCount
    ratings = matrix.entryCount
    density = Double(matrix.entryCount) / (Double(matrix.rowCount) * Double(matrix.columnCount))
    ratingsPerUser = RowLengths(matrix)
    ratingsPerItem = RowLengths(data.byItem)
    lowestRating = matrix.values.first ?? 0
    highestRating = lowestRating
    var sum = 0.0
    for value in matrix.values {
      lowestRating = min(lowestRating, value)
      highestRating = max(highestRating, value)
      sum += Double(value)
    }
    meanRating = sum / Double(matrix.entryCount)
    rows = report.rowCount
    bytes = report.bytes
    seconds = Seconds(read: readSeconds, build: buildSeconds)
    peakMemoryBytes = ProcessMemory.peakBytes ?? 0
  }

  /// The same for people.
  var table: TextTable {
    var table = TextTable([("what", .left), ("value", .right), ("", .left)])
    let rate = Double(bytes) / max(seconds.read + seconds.build, 1e-9) / 1e6
    table.rows = [
      ["users", Quantity.grouped(users), ratingsPerUser.text],
      ["items", Quantity.grouped(items), ratingsPerItem.text],
      ["ratings", Quantity.grouped(ratings), "\(Quantity.significant(density * 100)) % of all pairs"],
      ["lowest rating", "\(lowestRating)", ""],
      ["mean rating", Quantity.significant(meanRating), ""],
      ["highest rating", "\(highestRating)", ""],
      ["rows read", Quantity.grouped(rows), ""],
      ["read", Quantity.duration(seconds.read), "files to ratings by user"],
      ["build", Quantity.duration(seconds.build), "ratings by item; \(Quantity.significant(rate)) MB/s in all"],
    ]
    if peakMemoryBytes > 0 {
      let each = Double(peakMemoryBytes) / Double(max(ratings, 1))
      table.rows.append([
        "peak memory", Quantity.bytes(UInt64(peakMemoryBytes)), "\(Quantity.significant(each)) bytes per rating",
      ])
    }
    return table
  }
}
