import ALS
import ArgumentParser
import RatingsIO

/// `gpuals export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model in the form of other software.",
    discussion: """
      implicit: a file for implicit.cpu.als.AlternatingLeastSquares.load (implicit 0.7), which recommends, and folds in users \
      and items, as with a model of its own. It knows rows in place of ids: row k belongs to the k-th line of users.txt \
      and items.txt in the model directory, and user_items is its ratings.npz. The confidence in a rating is α·r there and \
      1 + α·r here: for recalculate_user and partial_fit_users, give (1 + α·r) / α in place of r.

      Example:
        gpuals export --model model --to implicit --output model.npz
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("The software that is to read it.", valueName: "implicit"))
  var to: Target

  @Option(help: ArgumentHelp("The file to write.", valueName: "FILE"))
  var output: String

  @OptionGroup var progress: ProgressOptions

  /// What is written for.
  enum Target: String, CaseIterable, ExpressibleByArgument {
    case implicit
  }

  func run() throws {
    let notices = progress.notices
    let loaded = try model.directory.load([.factors])
    switch to {
    case .implicit:
      guard loaded.factors.biases == nil else {
        throw CommandError.cannotExport(
          model: model.model, to: "implicit", reason: "it has biases, which implicit does not know")
      }
      guard output.hasSuffix(".npz") else {
        throw CommandError.cannotExport(
          model: model.model, to: "implicit",
          reason: "implicit reads files whose names end with .npz, and \(output) does not")
      }
      if !loaded.parameters.feedback.isImplicit {
        notices.warn(
          "\(model.model) was trained on explicit ratings: implicit recommends with its factors, but what it folds in it takes"
            + " for evidence of preference")
      }
      if loaded.parameters.regularizationExponent != 0 {
        notices.note(
          "\(model.model) weighs λ by the number of ratings, implicit does not (--regularization-exponent 0): what it folds in"
            + " comes out a little otherwise")
      }
      try ImplicitModelFile.write(loaded, to: output)
      notices.note(
        "wrote \(output): rows in the order of \(model.model)/users.txt and items.txt; in Python:"
          + " implicit.cpu.als.AlternatingLeastSquares.load(\"\(output)\")")
    }
  }
}
