import ALS
import FoundationEssentials

extension ModelManifest {
  /// The name of the file in a model directory.
  static let fileName = "model.json"

  /// The fields that say whether the others can be read.
  private struct Preamble: Decodable {
    var format: String
    var formatVersion: Int

    enum CodingKeys: String, CodingKey {
      case format
      case formatVersion = "format_version"
    }
  }

  /// The text of `model.json`.
  func encoded() throws -> [UInt8] { try JSONDocument.encode(self) }

  /// Reads the text of `model.json` and checks everything in it that can be checked without the other files.
  ///
  /// - Parameter path: what to call the file in errors.
  init(json: [UInt8], path: String) throws {
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: path, reason: reason) }
    let preamble: Preamble = try JSONDocument.decode(json, path: path)
    guard preamble.format == Self.formatName else {
      throw ModelFileError.notAModel(
        path: FilePath.parent(of: path), reason: "its \(Self.fileName) says format \"\(preamble.format)\"")
    }
    guard preamble.formatVersion <= Self.currentFormatVersion else {
      throw ModelFileError.newerFormat(
        file: path, version: preamble.formatVersion, supported: Self.currentFormatVersion)
    }
    self = try JSONDocument.decode(json, path: path)
    guard formatVersion >= 1 else { throw damaged("format_version is \(formatVersion)") }
    do {
      _ = try parameters.validated()
    } catch {
      throw damaged("\(error)")
    }
    for (name, count) in [("users", users), ("items", items)] where count < 0 || count > Int(Int32.max) {
      throw damaged("\(name) is \(count)")
    }
    guard ratings >= 0, peakDeviceBytes >= 0 else { throw damaged("a count is negative") }
    guard rank == parameters.rank else { throw damaged("rank is \(rank), but \(parameters.rank) in its parameters") }
    guard fingerprint != nil else { throw damaged("ratings_fingerprint is not a hexadecimal number") }
  }

  /// The fingerprint as a number.
  var fingerprint: UInt64? { UInt64(ratingsFingerprint, radix: 16) }

  /// Whether a text is the `model.json` of any version of gpuals: what may be replaced by a new model.
  static func isManifest(json: [UInt8]) -> Bool {
    let preamble: Preamble? = try? JSONDocument.decode(json, path: "")
    return preamble?.format == formatName
  }
}
