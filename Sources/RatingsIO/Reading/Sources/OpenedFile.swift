/// What is known of a file once it is open.
struct OpenedFile: Sendable {
  /// Lines up to and with the header.
  var headerLines = 0
  /// Rows that it must have, where it says so.
  var entryCount: Int?
  /// Whether it holds entries in place of lines.
  var isMatrix = false
}
