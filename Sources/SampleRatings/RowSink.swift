/// What takes the rows of listeners as they are made: text, or arrays.
protocol RowSink {
  /// Takes a row: user and item by their ids.
  mutating func append(user: Int, item: Int, rating: Int)
}

extension RowText: RowSink {}
