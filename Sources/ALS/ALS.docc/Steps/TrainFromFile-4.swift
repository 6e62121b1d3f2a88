// Reads ratings and names from files, trains on the best device, and saves the model.
//
//   swift run --package-path Examples TrainFromFile [RATINGS NAMES MODEL]

import ALS
import ALSOpenCL
import ALSReference
import Foundation
import OpenCL
import RatingsIO

/// The best OpenCL device of this machine; the solver in plain Swift where there is none.
func bestBackend() throws -> any Backend {
  let device: Device?
  do {
    device = try OpenCLLibrary.load().devices().best()
  } catch {
    print("no OpenCL: \(error)")
    device = nil
  }
  guard let device else { return ReferenceBackend() }
  return try OpenCLBackend(device: device)
}

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

  let parameters = try ALSParameters(rank: 4, iterations: 8, regularization: 0.1)
  let backend = try bestBackend()
  print("training on \(backend.name)")
  let outcome = try Trainer(backend: backend, parameters: parameters).train(data) { event, _ in
    if case .iteration(let record) = event, let train = record.trainRMSE, let test = record.testRMSE {
      print(String(format: "iteration %ld: train RMSE %.3f, test RMSE %.3f", record.iteration, train, test))
    }
    return .proceed
  }
  print("\(outcome.peakDeviceBytes) bytes on the device, \(names.count) names")
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
