import ALS
import ArgumentParser

/// The root command.
struct GPUALS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpuals",
    abstract: "A recommender that learns from ratings, on any OpenCL device.",
    discussion: """
      It factors a table of ratings (who rated what, and how) by alternating least squares, and recommends what each \
      user would rate highly.

      Try it:
        gpuals generate --preset tiny --output sample
        gpuals train sample/ratings.tsv --dataset yahoo-r1 --item-names sample/artists.tsv --model model
        gpuals recommend --model model --user 1 --table

      'gpuals doctor' checks the OpenCL set-up; 'gpuals serve' answers over HTTP. A command that is not \
      listed, 'gpuals NAME', runs the program gpuals-NAME from beside this one or from the PATH.
      """,
    version: Model.softwareVersion,
    subcommands: [
      DevicesCommand.self, DoctorCommand.self, GenerateCommand.self, InspectCommand.self, TrainCommand.self,
      TuneCommand.self,
      EvaluateCommand.self, PredictCommand.self, RecommendCommand.self, RecommendUsersCommand.self, SimilarCommand.self,
      ExplainCommand.self, ReportCommand.self, UpdateCommand.self, ExportCommand.self, ImportCommand.self,
      SageMakerTrainCommand.self, BenchCommand.self,
    ])

  // The prefix of the parser's messages, so that all errors of the program begin alike.
  static let _errorLabel = "gpuals: error"

  /// The names of all commands that are built in.
  static var commandNames: [String] {
    configuration.subcommands.map { $0._commandName } + ["help"]
  }
}
