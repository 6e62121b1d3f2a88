/// What can be wrong with a training job of SageMaker. Cases are facts; ``description`` words them.
enum SageMakerError: Error, Equatable {
  /// A file of the job's configuration is not what it should be.
  case configuration(file: String, reason: String)
  /// The parser of options does not take the hyperparameters.
  case hyperparameters(String)
  /// A hyperparameter that the job itself decides.
  case reserved(String)
  /// There is no channel to train on, or it cannot be told which.
  case noTrainingChannel(directory: String, channels: [String])
  /// The channel of names holds no file, or several.
  case namesNotOneFile(directory: String, count: Int)
  /// A channel that is streamed through a pipe.
  case pipeMode(channel: String)
  /// A job on several machines.
  case severalHosts(Int)
}

extension SageMakerError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  var description: String {
    switch self {
    case .configuration(let file, let reason): "\(file): \(reason)"
    case .hyperparameters(let reason):
      "the hyperparameters are not options of 'gpuals train': \(reason)"
    case .reserved(let name):
      "hyperparameter \(name): a training job decides this itself; leave it out"
    case .noTrainingChannel(let directory, let channels):
      channels.isEmpty
        ? "\(directory): there is no channel with ratings: give the job an input channel named train"
        : "\(directory): which of the channels \(channels.joined(separator: ", ")) holds the ratings cannot be told: name it"
          + " train"
    case .namesNotOneFile(let directory, let count):
      "\(directory): expected one file with the names of items, found \(Quantity.counted(count, "file"))"
    case .pipeMode(let channel):
      "channel \(channel): ratings are read from files: choose the input mode File or FastFile, not Pipe"
    case .severalHosts(let count):
      "the job has \(count) instances, and gpuals trains on one: set the instance count to 1"
    }
  }
}
