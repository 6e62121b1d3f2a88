import RatingsIO

/// Where a training job writes its model: among the checkpoints, if the job keeps any, else in a directory that goes with the process.
final class StagedModel {
  /// Whether another run of the job finds it again.
  let isKept: Bool
  private let checkpoints: String
  private var temporary: TemporaryDirectory?

  init(checkpoints: String) {
    self.checkpoints = checkpoints
    isKept = FilePath.isDirectory(checkpoints)
  }

  /// The directory of the model.
  func path() throws -> String {
    if isKept { return checkpoints + "/model" }
    let directory = try temporary ?? TemporaryDirectory()
    temporary = directory
    return directory.path + "/model"
  }
}
