#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the text of a result goes: standard output, or a file that appears whole or not at all; gathered before it is
/// written, and compressed where asked for.
///
/// Call ``finish()`` in the end: without it a file is dropped.
public final class TextSink {
  private enum Destination {
    case standardOutput(WritableFile)
    case file(AtomicFile)
  }

  /// Text that is not written yet. Writers of rows append to it, then call ``flushIfFull()``.
  var buffer: [UInt8] = []
  private let destination: Destination
  private let encoder: GzipEncoder?
  private static let capacity = 1 << 18

  /// A sink for the path of an `--output` option; `-` and `nil` are standard output.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - isCompressed: whether the text is compressed with gzip.
  /// - Throws: ``ModelFileError`` where the file cannot be created.
  public init(path: String?, isCompressed: Bool = false) throws {
    if let path, path != "-" {
      destination = .file(try AtomicFile(path))
    } else {
      let copy = dup(STDOUT_FILENO)
      guard copy >= 0 else { throw ModelFileError.writing("standard output", errno: errno) }
      destination = .standardOutput(WritableFile(descriptor: copy, path: "standard output"))
    }
    encoder = isCompressed ? GzipEncoder(path: path ?? "standard output") : nil
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  /// Appends text.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    try flushIfFull()
  }

  /// Appends the bytes of text, for rows that were formatted elsewhere.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public func write(_ bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    try flushIfFull()
  }

  /// Writes what is gathered now, so that a reader at the other end sees it. Compressed text is gathered further.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public func flush() throws {
    try drain(finishes: false)
  }

  /// Writes the rest and puts a file in its place. Call it once.
  ///
  /// - Throws: ``ModelFileError`` where writing fails; the file is then not there.
  public func finish() throws {
    try drain(finishes: true)
    switch destination {
    case .standardOutput(let file): try file.finish()
    case .file(let file): try file.commit()
    }
  }

  /// Writes what is gathered where it has become much.
  func flushIfFull() throws {
    if buffer.count >= Self.capacity { try drain(finishes: false) }
  }

  private func drain(finishes: Bool) throws {
    try buffer.withUnsafeBytes { bytes in
      if let encoder {
        try encoder.encode(bytes, finishes: finishes, to: put)
      } else {
        try put(bytes)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    switch destination {
    case .standardOutput(let file): try file.write(bytes)
    case .file(let file): try file.write(bytes)
    }
  }
}
