/// A file that is open for reading.
enum OpenedInput {
  /// Text, decompressed.
  case text(any ByteSource)
  /// A file of NumPy or SciPy.
  case matrix(any MatrixSource)
}
