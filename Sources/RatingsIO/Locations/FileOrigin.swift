/// Where the bytes of a file come from: one implementation for each kind of location. What the bytes mean is none of its business.
protocol FileOrigin: Sendable {
  /// Opens the file for reading from its start to its end.
  ///
  /// - Parameter name: how messages call it.
  func stream(named name: String) throws(RatingsIOError) -> any ByteStream

  /// Opens it for reading any part; `nil` where that cannot be.
  func file(named name: String) throws(RatingsIOError) -> ReadableFile?
}

/// Bytes in order, as they come from a location.
protocol ByteStream: AnyObject {
  /// Fills `buffer` from its start and returns the number of bytes, 0 only at the end (or for an empty buffer).
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int
}

/// A kind of location.
protocol Storage {
  /// Whether a text names a location of this kind.
  static func holds(_ text: String) -> Bool

  /// The files there: one, or those of a directory and all below it, in the order of their names, directory by directory, without
  /// those whose names begin with `.` or `_` and those of models inside. Those that DMS wrote come first, in ``CommitOrder``.
  static func files(at text: String) throws(RatingsIOError) -> [InputFile]

  /// The one file there.
  ///
  /// - Throws: ``RatingsIOError/isDirectory(file:)`` where there is a directory.
  static func file(at text: String) throws(RatingsIOError) -> InputFile
}

/// The kinds of locations, the most special first.
enum Storages {
  private static var all: [any Storage.Type] { [StandardInput.self, S3Storage.self, LocalStorage.self] }

  /// The kind that a text names.
  static func kind(of text: String) -> any Storage.Type { all.first { $0.holds(text) } ?? LocalStorage.self }
}
