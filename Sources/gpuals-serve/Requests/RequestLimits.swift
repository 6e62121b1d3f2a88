/// What a request may ask for at most.
struct RequestLimits: Sendable {
  /// Longest body.
  var bodyBytes: Int
  /// Longest list.
  var listLength: Int
  /// How long a body may take to arrive; a connection may stay idle twice as long.
  var seconds: Double
  /// Most ratings of somebody unknown: solving takes time in proportion.
  var ratings = 10_000
  /// Most entries of "instances".
  var instances = 1000
  /// Most reasons for one recommendation.
  var reasons = 100
  /// What of a body that is too long is read and thrown away, so that the client comes to read the answer.
  var discardedBytes = 64 << 20

  /// The length of a list where none is asked for.
  var defaultListLength: Int { min(10, listLength) }

  /// The length of a list that a body asks for.
  func checkedListLength(_ n: Int?) throws(RequestError) -> Int {
    try checked(n, "n", in: 1...listLength) ?? defaultListLength
  }

  /// The number of reasons that a body asks for; `nil` where it does not say.
  func checkedReasons(_ explain: Int?) throws(RequestError) -> Int? { try checked(explain, "explain", in: 0...reasons) }

  private func checked(_ value: Int?, _ name: String, in range: ClosedRange<Int>) throws(RequestError) -> Int? {
    if let value, !range.contains(value) {
      throw .outOfRange(name: name, value: "\(value)", low: range.lowerBound, high: range.upperBound)
    }
    return value
  }
}
