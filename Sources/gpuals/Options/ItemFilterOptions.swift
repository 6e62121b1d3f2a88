import ALS
import ArgumentParser
import RatingsIO

/// Which items may be recommended to whom.
struct ItemFilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Ratings whose items are left out for their users, beside those of the model.", valueName: "RATINGS"))
  var exclude: [String] = []

  @Option(help: ArgumentHelp("A file with ids of items that are left out for all.", valueName: "FILE"))
  var excludeItems: String?

  @Option(help: ArgumentHelp("A file with the ids of the only items that may be recommended.", valueName: "FILE"))
  var items: String?

  @Flag(help: "Recommend also what a user has rated in training.")
  var includeSeen = false

  /// For each item's row whether it may be recommended.
  func allowed(of loaded: Model, model: String, _ notices: Notices) throws -> [Bool] {
    let selection = IDSelection(kind: "item", ids: loaded.items, model: model)
    var allowed = [Bool](repeating: items == nil, count: loaded.items.count)
    if let items {
      for row in try selection.rows(listedIn: items, notices) { allowed[row] = true }
    }
    if let excludeItems {
      for row in try selection.rows(listedIn: excludeItems, notices) { allowed[row] = false }
    }
    return allowed
  }

  /// The ratings whose items are left out for their users.
  func seen(of loaded: Model, reading: ReadingOptions, model: String, _ notices: Notices) throws -> [CSRMatrix] {
    var seen: [CSRMatrix] = []
    if !includeSeen {
      if let ratings = loaded.ratings {
        seen.append(ratings)
      } else if exclude.isEmpty {
        notices.note(
          "\(model) holds no training ratings (--no-keep-ratings), so items that users have rated are not left out;"
            + " give them with --exclude")
      }
    }
    if !exclude.isEmpty {
      let options = reading.readOptions(for: loaded.parameters.feedback)
      let set = try RatingsReader(options: options)
        .read(exclude.map { Location($0) }, users: loaded.users, items: loaded.items)
      if set.ratings.entryCount == 0, set.report.unknown > 0 {
        notices.warn(
          "\(exclude.joined(separator: ", ")): the model knows none of its \(Quantity.grouped(set.report.unknown)) pairs of"
            + " user and item: are its columns the right way round (--columns)?")
      }
      seen.append(set.ratings)
    }
    return seen
  }
}
