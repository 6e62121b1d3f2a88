// Looks for good parameters: all trials train on the ratings of one upload.
//
//   swift run --package-path Examples TuneInCode [RATINGS]

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

let path = CommandLine.arguments.dropFirst().first ?? "Examples/Data/ratings.csv"

do {
  let set = try RatingsReader().read([Location(path)])
  let (training, heldOut) = set.ratings.holdingOut(fraction: 0.2, seed: 42)
  let backend = try bestBackend()
  let placed = backend.place(try TrainingData(ratings: training, heldOut: heldOut))

  // A list is a choice; a range is drawn from, here so that each order of magnitude is equally probable.
  let space = SearchSpace([.rank: .list([2, 4, 8]), .regularization: .range(0.01...1)])
  let defaults = try ALSParameters(iterations: 8)
  var best: (rmse: Double, parameters: ALSParameters)?

  for (trial, values) in space.sample(12, seed: 1).enumerated() {
    let parameters = try defaults.setting(values)
    var curve: [(step: Int, value: Double)] = []
    let trainer = Trainer(backend: backend, parameters: parameters, measuresTraining: false)
    _ = try trainer.train(placed) { event, _ in
      guard case .iteration(let record) = event, let rmse = record.testRMSE else { return .proceed }
      curve.append((record.iteration, rmse))
      return .proceed
    }
    guard let rmse = curve.last?.value else { continue }
    print(
      "trial \(trial + 1): rank \(parameters.rank), regularization \(parameters.regularization):",
      String(format: "test RMSE %.3f", rmse))
    if rmse < best?.rmse ?? .infinity { best = (rmse, parameters) }
  }
  if let best {
    print(
      "best: rank \(best.parameters.rank), regularization \(best.parameters.regularization):",
      String(format: "test RMSE %.3f", best.rmse))
  }
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(1)
}
