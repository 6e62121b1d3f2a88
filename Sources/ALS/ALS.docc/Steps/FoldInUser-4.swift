// Brings a new user into a trained model without training again, and recommends.
//
//   swift run --package-path Examples TrainFromFile
//   swift run --package-path Examples FoldInUser [MODEL]

import ALS
import ALSReference
import Foundation
import RatingsIO

/// The model was saved without the ratings that it was trained on.
struct RatingsNotKept: Error, CustomStringConvertible {
  var description: String { "the model holds no training ratings: save it with keepsRatings" }
}

// What the new user rated, by the ids of the items: two of jazz, one of metal.
let newRatings: [(item: String, rating: Float)] = [("102", 5), ("105", 5), ("111", 1)]
let path = CommandLine.arguments.dropFirst().first ?? "Examples/.build/model"

do {
  let model = try ModelDirectory(path).load()
  guard let before = model.ratings else { throw RatingsNotKept() }

  // The new user stands in a row behind those that the model knows. Items that it does not know are passed over.
  let users = try model.users.appending(["you"])
  let row = users.count - 1
  let entries = newRatings.compactMap { new in
    model.items.row(of: new.item).map { (row: row, column: $0, value: new.rating) }
  }
  let changes = RatingChanges(
    upserts: CSRMatrix(rowCount: users.count, columnCount: model.items.count, entries: entries),
    deletions: CSRMatrix(rowCount: users.count, columnCount: model.items.count, entries: []))
  let after = changes.applied(to: before)

  // Solves this user alone, as a half-step of training would; the factors of items stay.
  let factors = try FoldIn(backend: ReferenceBackend(), parameters: model.parameters)
    .factors(after: after, from: model.factors, keepingItems: true)
    .withBiasesAsFactors

  let rated = Set(after.ratings.columnIndices[after.ratings.entries(ofRow: row)])
  let list = factors.recommendations(forUser: row, count: 5) { rated.contains(Int32($0)) }
  for (place, item) in list.enumerated() {
    let name = model.itemNames?[item.row] ?? model.items[item.row]
    print("\(place + 1). \(name) (\(String(format: "%.1f", item.score)))")
  }
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
