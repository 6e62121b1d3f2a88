import ArgumentParser

/// Whole numbers of at least 1, separated by commas: "16,64,128".
struct WholeNumbers: ExpressibleByArgument, CustomStringConvertible, Sendable {
  let values: [Int]

  init(_ values: [Int]) { self.values = values }

  init?(argument: String) {
    let values = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard values.allSatisfy({ $0 >= 1 }) else { return nil }
    self.values = values
  }

  var description: String { values.map(String.init).joined(separator: ",") }
  var defaultValueDescription: String { description }
}
