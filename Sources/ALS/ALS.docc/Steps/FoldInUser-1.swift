// Brings a new user into a trained model without training again, and recommends.
//
//   swift run --package-path Examples TrainFromFile
//   swift run --package-path Examples FoldInUser [MODEL]

import ALS
import Foundation
import RatingsIO

/// The model was saved without the ratings that it was trained on.
struct RatingsNotKept: Error, CustomStringConvertible {
  var description: String { "the model holds no training ratings: save it with keepsRatings" }
}

let path = CommandLine.arguments.dropFirst().first ?? "Examples/.build/model"

do {
  let model = try ModelDirectory(path).load()
  guard let before = model.ratings else { throw RatingsNotKept() }
  print("\(model.users.count) users, \(before.entryCount) ratings")
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
