/// How names are encoded.
public enum TextEncoding: String, CaseIterable, Sendable {
  /// UTF-8.
  case utf8 = "utf-8"
  /// Windows code page 1252, the Western European superset of Latin-1.
  case windows1252 = "windows-1252"
}
