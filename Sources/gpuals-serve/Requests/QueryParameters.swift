/// What stands behind the question mark.
struct QueryParameters: Sendable {
  private let values: [String: String]

  /// Takes a query apart: names and values in percent-encoding, + for a space.
  init(_ query: Substring?) throws(RequestError) {
    var values: [String: String] = [:]
    for part in (query ?? "").split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = try PercentEncoding.decode(pair[0], plusIsSpace: true)
      let value = pair.count == 2 ? try PercentEncoding.decode(pair[1], plusIsSpace: true) : ""
      guard values.updateValue(value, forKey: name) == nil else { throw .repeatedParameter(name) }
    }
    self.values = values
  }

  /// Refuses names that nothing here goes by.
  func allow(_ names: String...) throws(RequestError) {
    for name in values.keys.sorted() where !names.contains(name) { throw .unknownParameter(name, known: names) }
  }

  /// A text; `nil` where it is not given.
  func text(_ name: String) -> String? { values[name] }

  /// A text that has to be given.
  func required(_ name: String) throws(RequestError) -> String {
    guard let value = values[name] else { throw .missingParameter(name) }
    return value
  }

  /// The length of the list asked for.
  func listLength(_ limits: RequestLimits) throws(RequestError) -> Int {
    try wholeNumber("n", in: 1...limits.listLength) ?? limits.defaultListLength
  }

  /// A whole number; `nil` where it is not given.
  func wholeNumber(_ name: String, in range: ClosedRange<Int>) throws(RequestError) -> Int? {
    guard let value = values[name] else { return nil }
    let digits = value.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard !digits.isEmpty, value.utf8.count - digits.count <= 1, digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw .notAWholeNumber(name: name, value: value) }
    // What is a number and does not fit 64 bits is out of range as well.
    guard let number = Int(value), range.contains(number) else {
      throw .outOfRange(name: name, value: value, low: range.lowerBound, high: range.upperBound)
    }
    return number
  }

  /// true or false.
  func flag(_ name: String, default standard: Bool) throws(RequestError) -> Bool {
    switch values[name] {
    case nil: return standard
    case "true", "1": return true
    case "false", "0": return false
    case let value?: throw .notABoolean(name: name, value: value)
    }
  }
}
