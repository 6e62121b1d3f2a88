// Trains on a handful of ratings in code, and recommends what is not rated yet.
//
//   swift run --package-path Examples FirstRecommender

import ALS
import ALSReference
import Foundation

let users = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn"]
let artists = [
  "Blue Note Jazz Trio", "Midnight Jazz Quintet", "Smoky Room Jazz Band",
  "Iron Metal Legion", "Northern Metal Storm", "Wolves of Metal",
]
// A row for each user, a column for each artist; nil: not rated yet.
let table: [[Float?]] = [
  [5, 4, nil, 1, nil, 1],
  [4, nil, 5, nil, 1, 2],
  [nil, 5, 4, 2, 1, nil],
  [1, nil, 2, 5, 5, nil],
  [nil, 1, 1, 4, nil, 5],
  [2, 1, nil, nil, 4, 5],
]

do {
  // Only what was rated is stored: a sparse matrix, users × items.
  var entries: [(row: Int, column: Int, value: Float)] = []
  for (row, line) in table.enumerated() {
    for (column, rating) in line.enumerated() {
      if let rating { entries.append((row, column, rating)) }
    }
  }
  let ratings = CSRMatrix(rowCount: users.count, columnCount: artists.count, entries: entries)
  let data = try TrainingData(ratings: ratings)

  // Two numbers describe each user and each artist; their dot product is the predicted rating.
  let parameters = try ALSParameters(rank: 2, iterations: 10, regularization: 0.1)
  let outcome = try Trainer(backend: ReferenceBackend(), parameters: parameters).train(data)
  if let error = outcome.state.history.last?.trainRMSE {
    print(String(format: "RMSE on the %ld ratings: %.3f", ratings.entryCount, error))
  }
} catch {
  // Errors say in a sentence what is wrong, where, and what mends it.
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
