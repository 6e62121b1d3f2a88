import ArgumentParser

/// `gpuals sagemaker-train`.
struct SageMakerTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sagemaker-train",
    abstract: "Train as a SageMaker training container does.",
    discussion: """
      What SageMaker calls 'train' in a container: ratings are read from /opt/ml/input/data/train (the only channel may \
      have any name), held-out ones from the channel test or validation, names of items from the file in the channel \
      names. Hyperparameters are the options of 'gpuals train' without the dashes: rank 64, implicit true, dataset \
      yahoo-r1. The model goes to /opt/ml/model, where 'gpuals serve --sagemaker' finds it. Where there is \
      /opt/ml/checkpoints the model is saved there after each iteration, and a job that begins again goes on from it. \
      What goes wrong is in /opt/ml/output/failure.

      Example:
        gpuals sagemaker-train
        gpuals sagemaker-train --root /tmp/ml
      """)

  @Option(help: ArgumentHelp("The directory that stands for /opt/ml.", valueName: "DIR"))
  var root = "/opt/ml"

  func run() throws {
    let job = SageMakerJob(root: root)
    do {
      let arguments = try job.arguments()
      StatusLine.shared.print("gpuals \(arguments.map(ShellWord.quoted).joined(separator: " "))")
      var command: any ParsableCommand
      do {
        command = try GPUALS.parseAsRoot(arguments)
      } catch {
        throw SageMakerError.hyperparameters(GPUALS.message(for: error))
      }
      do {
        try command.run()
      } catch let error as CommandError {
        // A job that is stopped has the model of its last checkpoint.
        if case .interrupted = error { try? job.deliver() }
        throw error
      }
      try job.deliver()
    } catch {
      job.tellFailure(error)
      throw error
    }
  }
}
