import ALS
import FoundationEssentials

/// A saved `ALSModel` of Spark (3 or 4), as the Python package unpacks it: `python3 -m gpuals.exchange unpack-spark PATH DIRECTORY`.
///
/// Spark keeps factors and ids, and neither ratings nor the settings of the run.
public struct SparkModel: Sendable {
  /// The factors, in the rows of ``users`` and ``items``.
  public let factors: Factors
  /// Ids of the users, in ascending order where they are Spark's own.
  public let users: IDIndex
  /// Ids of the items.
  public let items: IDIndex
  /// The version of Spark that wrote it.
  public let sparkVersion: String
  /// Whether ids come from tables beside the model, by which its numbers were given back their ids.
  public let hasRestoredIDs: Bool

  private struct Record: Decodable {
    var rank: Int
    var users: Int
    var items: Int
    var sparkVersion: String
    var restoredIDs: Bool

    enum CodingKeys: String, CodingKey {
      case rank, users, items
      case sparkVersion = "spark_version"
      case restoredIDs = "restored_ids"
    }
  }

  /// Reads the directory that it was unpacked into.
  ///
  /// - Parameters:
  ///   - directory: where its parts are.
  ///   - model: how messages name the model.
  /// - Throws: ``ModelFileError/damaged(file:reason:)`` where its parts are no model together.
  public init(unpackedIn directory: String, model: String) throws {
    do {
      func file(_ name: String) throws -> ReadableFile { try ReadableFile(FilePath.join(directory, name)) }
      let json = try file("spark.json").readAll()
      guard let record = try? JSONDecoder().decode(Record.self, from: Data(json)) else {
        throw ModelFileError.damaged(file: model, reason: "its record cannot be read")
      }
      let extents = 1...Int(Int32.max)
      guard extents.contains(record.users), extents.contains(record.items),
        (1...ALSParameters.maximumRank).contains(record.rank)
      else {
        throw ModelFileError.damaged(
          file: model,
          reason:
            "it has \(record.users) users, \(record.items) items and rank \(record.rank), which no model here can have")
      }
      factors = Factors(
        user: try FactorMatrix(npy: file(ModelFileName.userFactors), rowCount: record.users, rank: record.rank),
        item: try FactorMatrix(npy: file(ModelFileName.itemFactors), rowCount: record.items, rank: record.rank))
      users = try IDIndex(lines: file(ModelFileName.users), count: record.users)
      items = try IDIndex(lines: file(ModelFileName.items), count: record.items)
      sparkVersion = record.sparkVersion
      hasRestoredIDs = record.restoredIDs
    } catch ModelFileError.damaged(_, let reason) {
      // Who asked knows nothing of the directory that it was unpacked into.
      throw ModelFileError.damaged(file: model, reason: reason)
    }
  }
}
