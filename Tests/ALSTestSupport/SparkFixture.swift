import ALS
import Foundation

/// A run of real Spark's ALS in Tests/Fixtures/spark, made by `make.py` there: what it was given, and what it came to.
public struct SparkFixture: Sendable {
  /// The name of its directory.
  public let name: String
  /// What Spark was trained on, equal pairs as several entries.
  public let ratings: CSRMatrix
  /// Ids of the users, in the order in which they first appear.
  public let users: IDIndex
  /// Ids of the items.
  public let items: IDIndex
  /// The same parameters.
  public let parameters: ALSParameters
  /// What Spark came to, in the rows of ``users`` and ``items``.
  public let factors: Factors

  /// All that there are.
  public static let names = [
    "explicit", "explicit-one-block", "explicit-duplicates", "implicit", "implicit-signed", "implicit-duplicates",
    "nonnegative", "nonnegative-implicit",
  ]

  /// What is wrong with the files.
  public struct Failure: Error {
    /// In words.
    public let what: String
  }

  /// Reads one.
  public init(_ name: String) throws {
    self.name = name
    var known: (user: [Int64: Int], item: [Int64: Int]) = ([:], [:])
    var ids: (user: [Int64], item: [Int64]) = ([], [])
    let triples: [(Int, Int, Float)] = try Self.table("\(name)/ratings.csv").dropFirst().map { fields in
      let (user, item, rating) = (Int64(fields[0])!, Int64(fields[1])!, Float(fields[2])!)
      return (Self.row(of: user, &known.user, &ids.user), Self.row(of: item, &known.item, &ids.item), rating)
    }
    ratings = CSRMatrix(rows: ids.user.count, columns: ids.item.count, triples)
    users = try IDIndex(integers: ids.user)
    items = try IDIndex(integers: ids.item)
    parameters = try Self.parameters(Self.table("\(name)/arguments.txt")[0][0])
    factors = Factors(
      user: try Self.factors("\(name)/users.csv", of: users), item: try Self.factors("\(name)/items.csv", of: items))
  }

  /// The fields of the lines of a file in Tests/Fixtures/spark.
  public static func table(_ name: String) throws -> [[Substring]] {
    let directory = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    return try String(contentsOfFile: "\(directory)/Fixtures/spark/\(name)", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",") }
  }

  private static func row(of id: Int64, _ known: inout [Int64: Int], _ ids: inout [Int64]) -> Int {
    if let row = known[id] { return row }
    known[id] = ids.count
    ids.append(id)
    return ids.count - 1
  }

  private static func factors(_ name: String, of ids: IDIndex) throws -> FactorMatrix {
    let lines = try table(name)
    guard lines.count == ids.count, let rank = lines.first.map({ $0.count - 1 }) else {
      throw Failure(what: "\(name) has not the rows of the ratings")
    }
    var values = [Float](repeating: .nan, count: lines.count * rank)
    for line in lines {
      guard let row = ids.row(of: String(line[0])) else { throw Failure(what: "\(name) has a strange id \(line[0])") }
      for k in 0..<rank { values[row * rank + k] = Float(line[k + 1])! }
    }
    return FactorMatrix(rank: rank, values: values)
  }

  private static func parameters(_ arguments: Substring) throws -> ALSParameters {
    let words = arguments.split(separator: " ")
    func value(_ name: String) -> Substring? {
      words.firstIndex(of: Substring("--\(name)")).map { words[$0 + 1] }
    }
    return try ALSParameters(
      rank: Int(value("rank")!)!, iterations: Int(value("iterations")!)!,
      regularization: Double(value("regularization")!)!,
      feedback: words.contains("--implicit") ? .implicit(alpha: Double(value("alpha")!)!) : .explicit,
      seed: UInt64(value("seed")!)!, nonnegative: words.contains("--nonnegative"),
      initialization: .spark(userBlocks: Int(value("user-blocks")!)!))
  }
}

extension FactorMatrix {
  /// The largest difference of two factors, in units of the largest factor of the reference.
  public func largestDifference(from reference: FactorMatrix) -> Float {
    let largest = reference.values.reduce(0) { max($0, $1.magnitude) }
    // A NaN is the largest of all.
    return zip(values, reference.values).reduce(0) { worst, pair in
      let difference = (pair.0 - pair.1).magnitude
      return difference <= worst ? worst : difference
    } / largest
  }
}
