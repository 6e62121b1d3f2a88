import ArgumentParser
import RatingsIO

/// `--model DIR`, where a model is read.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model directory that 'gpuals train' wrote.", valueName: "DIR"))
  var model: String

  /// The directory.
  var directory: ModelDirectory { ModelDirectory(model) }
}
