import ALS
import ArgumentParser

/// Values to try, as an option takes them: "0.01,0.1", or "0.001..0.1" for any between.
struct SearchValues: ExpressibleByArgument, CustomStringConvertible, Sendable {
  /// The values.
  let values: SearchSpace.Values
  let description: String

  init(_ value: Double, _ description: String) {
    values = .list([value])
    self.description = description
  }

  init(_ value: Int) { self.init(Double(value), "\(value)") }

  init(_ value: Double) { self.init(value, "\(value)") }

  init?(argument: String) {
    description = argument
    if let dots = argument.firstRange(ofDots: ()) {
      guard let low = Double(argument[..<dots.lowerBound]), let high = Double(argument[dots.upperBound...]), low < high,
        high.isFinite
      else { return nil }
      values = .range(low...high)
      return
    }
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else { return nil }
    values = .list(numbers)
  }

  var defaultValueDescription: String { description }

  /// The bounds of a range, or all values: what has to be valid.
  var extremes: [Double] {
    switch values {
    case .list(let list): list
    case .range(let range): [range.lowerBound, range.upperBound]
    }
  }
}

extension String {
  /// Where ".." stands between two numbers.
  fileprivate func firstRange(ofDots: Void) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      let next = self.index(after: index)
      if self[index] == ".", next < endIndex, self[next] == ".", index > startIndex {
        return index..<self.index(after: next)
      }
      index = next
    }
    return nil
  }
}
