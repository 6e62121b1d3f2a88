// Reads ratings and names from files, trains on the best device, and saves the model.
//
//   swift run --package-path Examples TrainFromFile [RATINGS NAMES MODEL]

import ALS
import Foundation
import RatingsIO

let given = Array(CommandLine.arguments.dropFirst())
let paths =
  given.count == 3 ? given : ["Examples/Data/ratings.csv", "Examples/Data/artists.csv", "Examples/.build/model"]

do {
  // Format, columns and kind of ids are found by looking; rows and columns are in the order of the ids.
  let set = try RatingsReader().read([Location(paths[0])])
  let names = try ItemNamesReader.read(Location(paths[1])).names(for: set.items)
  print("\(set.ratings.entryCount) ratings of \(set.users.count) users and \(set.items.count) items")

  // One rating in ten is kept from training, to measure the error on.
  let (training, heldOut) = set.ratings.holdingOut(fraction: 0.1, seed: 42)
  let data = try TrainingData(ratings: training, heldOut: heldOut)
  print(
    "\(heldOut.entryCount) of them held out of \(data.byUser.entryCount + heldOut.entryCount); \(names.count) names")
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
