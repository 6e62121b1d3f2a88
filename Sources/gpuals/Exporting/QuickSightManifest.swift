#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The manifest by which QuickSight imports files from S3; all files of one have the same columns.
struct QuickSightManifest: Encodable {
  struct Location: Encodable {
    var URIs: [String]
  }

  struct Settings: Encodable {
    var format = "CSV"
    var delimiter = ","
    var textqualifier = "\""
    /// A text, not a truth value, as QuickSight wants it.
    var containsHeader = "true"
  }

  var fileLocations: [Location]
  var globalUploadSettings = Settings()

  /// A manifest of files by their places in S3.
  init(_ places: [String]) { fileLocations = [Location(URIs: places)] }
}
