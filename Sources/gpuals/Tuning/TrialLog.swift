import ALS
import RatingsIO

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The trials of a search, as they are kept in a file.
struct TrialLog: Codable, Sendable {
  /// What makes trials comparable: they are measured in the same way on the same ratings.
  struct Search: Codable, Sendable, Equatable {
    /// The metric's name.
    var metric: String
    var higherIsBetter: Bool
    var folds: Int?
    var holdout: Double?
    var test: String?
    var splitByTime: String?
    var relevantFrom: Double?
    var seed: UInt64
    var users: Int
    var items: Int
    /// Ratings of the first round that are trained on, and that are held out.
    var ratings: Int
    var heldOut: Int
    /// Fingerprints of both.
    var fingerprint: String

    enum CodingKeys: String, CodingKey {
      case metric, folds, holdout, test, seed, users, items, ratings, fingerprint
      case higherIsBetter = "higher_is_better"
      case splitByTime = "split_by_time"
      case relevantFrom = "relevant_from"
      case heldOut = "held_out"
    }
  }

  /// The value of ``format`` in every such file.
  static let formatName = "gpuals-trials"
  static let currentFormatVersion = 1

  var format = Self.formatName
  var formatVersion = Self.currentFormatVersion
  var search: Search
  /// In the order of their numbers.
  var trials: [Trial]
  /// The number of the best one.
  var best: Int?

  enum CodingKeys: String, CodingKey {
    case format, search, trials, best
    case formatVersion = "format_version"
  }

  init(search: Search) {
    self.search = search
    trials = []
  }

  /// Done trials come first, the best before the others; equal ones in the order of their numbers.
  var ranked: [Trial] {
    trials.sorted { first, second in
      func key(_ trial: Trial) -> (Int, Double, Int) {
        let place = trial.outcome == .done ? 0 : trial.outcome == .stopped ? 1 : 2
        let score = trial.score ?? .infinity
        return (place, search.higherIsBetter ? -score : score, trial.trial)
      }
      return key(first) < key(second)
    }
  }

  /// The best trial that was done.
  var winner: Trial? { ranked.first.flatMap { $0.outcome == .done ? $0 : nil } }

  /// In what way a search differs from the one that is kept.
  func difference(from other: Search) -> String {
    if search.metric != other.metric { return "its trials were measured by \(search.metric), not \(other.metric)" }
    if (search.users, search.items, search.fingerprint) == (other.users, other.items, other.fingerprint) {
      return "its trials were measured otherwise (--relevant-from, --test, --holdout, --folds)"
    }
    return "its trials were trained on \(Quantity.counted(search.ratings, "rating")) of"
      + " \(Quantity.counted(search.users, "user")) and \(Quantity.counted(search.items, "item")) and measured on"
      + " \(Quantity.grouped(search.heldOut)), and these \(Quantity.grouped(other.ratings)) and"
      + " \(Quantity.grouped(other.heldOut)) are not the same"
  }

  /// Takes in a trial.
  mutating func add(_ trial: Trial) {
    let place = trials.firstIndex { $0.trial > trial.trial } ?? trials.endIndex
    trials.insert(trial, at: place)
    best = winner?.trial
  }

  /// Writes the file, whole or not at all.
  func write(to path: String) throws {
    let file = try AtomicFile(path)
    try JSONDocument.text(of: self).utf8CString.withUnsafeBytes {
      try file.write(UnsafeRawBufferPointer(rebasing: $0.dropLast()))
    }
    try file.commit()
  }

  /// The file of a search for a model: beside it, for the directory is replaced as a whole.
  static func path(ofModel model: String) -> String {
    var path = model
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path + ".trials.json"
  }

  /// The search that a model came from; `nil` if its file is not there, or is of another model.
  static func ofModel(_ model: String, parameters: ModelManifest.Parameters) -> TrialLog? {
    guard let log = try? read(from: path(ofModel: model)), let winner = log.winner else { return nil }
    let isSame = SearchedParameter.allCases.allSatisfy { parameter in
      parameter == .iterations || winner.parameters[parameter] == parameters[parameter]
    }
    return isSame && winner.parameters.seed == parameters.seed ? log : nil
  }

  /// Reads the file of an earlier search; `nil` where there is none.
  ///
  /// - Throws: `CommandError.otherSearch` where it is no such file.
  static func read(from path: String) throws -> TrialLog? {
    guard let text = try Location(path).contents() else { return nil }
    do {
      let log = try JSONDecoder().decode(TrialLog.self, from: Data(text))
      guard log.format == formatName, log.formatVersion <= currentFormatVersion else { throw WrongFormat() }
      return log
    } catch {
      throw CommandError.otherSearch(file: path, what: "it is not the file of a search of this version of gpuals")
    }
  }

  private struct WrongFormat: Error {}
}
