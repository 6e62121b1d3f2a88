import RatingsIO

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A training job of SageMaker as a container finds it below `/opt/ml`.
///
/// https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
struct SageMakerJob {
  /// What stands for `/opt/ml`.
  let root: String
  private let staging: StagedModel

  private static let trainingChannels = ["train", "training", "ratings"]
  private static let testChannels = ["test", "validation", "eval"]
  private static let nameChannels = ["names", "item-names", "items", "artists"]
  /// Options that the job itself decides.
  private static let reserved: Set<String> = ["model", "resume", "dry-run", "json", "quiet", "help", "version"]
  /// Longer reasons are cut off by the service.
  private static let mostFailureBytes = 1024

  init(root: String) {
    self.root = root
    staging = StagedModel(checkpoints: root + "/checkpoints")
  }

  /// The arguments of `gpuals` that do the job.
  func arguments() throws -> [String] {
    try checkResources()
    let hyperparameters = try hyperparameters()
    let channels = try channels()
    guard
      let training = Self.trainingChannels.first(where: channels.contains) ?? (channels.count == 1 ? channels[0] : nil)
    else { throw SageMakerError.noTrainingChannel(directory: "\(root)/input/data", channels: channels) }
    var arguments = ["train", "\(root)/input/data/\(training)", "--model", try staging.path()]
    if let test = Self.testChannels.first(where: { channels.contains($0) && $0 != training }) {
      arguments += ["--test", "\(root)/input/data/\(test)"]
    }
    if let names = Self.nameChannels.first(where: { channels.contains($0) && $0 != training }) {
      let directory = "\(root)/input/data/\(names)"
      let files = (FilePath.entries(of: directory) ?? []).filter { !$0.hasPrefix(".") }
      guard files.count == 1 else {
        throw SageMakerError.namesNotOneFile(directory: directory, count: files.count)
      }
      arguments += ["--item-names", "\(directory)/\(files[0])"]
    }
    for (name, value) in hyperparameters.sorted(by: { $0.key < $1.key }) {
      let option = name.replacing("_", with: "-")
      if Self.reserved.contains(option) { throw SageMakerError.reserved(name) }
      switch value {
      case "true": arguments.append("--\(option)")
      case "false": break
      default: arguments.append("--\(option)=\(value)")
      }
    }
    if staging.isKept {
      if !arguments.contains(where: { $0.hasPrefix("--checkpoint-every") }) {
        arguments += ["--checkpoint-every", "1"]
      }
      if try ModelDirectory(staging.path()).exists { arguments.append("--resume") }
    }
    return arguments
  }

  /// Puts the model where the service takes it from.
  func deliver() throws {
    // The directory is a mount in most containers, and cannot be exchanged for another as a whole.
    try ModelDirectory(staging.path()).copyFiles(into: root + "/model")
  }

  /// Says why there is no model where the service looks for it. It shows the first kilobyte.
  func tellFailure(_ error: any Error) {
    if case CommandError.interrupted = error { return }
    guard let text = FailureMessage.text(for: error) else { return }
    try? FilePath.createDirectories(root + "/output")
    let bytes = Array(text.utf8.prefix(Self.mostFailureBytes))
    try? AppendedFile.append(bytes, to: root + "/output/failure")
  }

  private func hyperparameters() throws -> [String: String] {
    guard let values: [String: Scalar] = try configuration("hyperparameters.json") else { return [:] }
    // Those of Amazon's own libraries are for these.
    return values.filter { !$0.key.hasPrefix("sagemaker_") && !$0.key.hasPrefix("_tuning") }.mapValues(\.text)
  }

  private func channels() throws -> [String] {
    struct Channel: Decodable { var TrainingInputMode: String? }
    let described: [String: Channel] = try configuration("inputdataconfig.json") ?? [:]
    for (name, channel) in described.sorted(by: { $0.key < $1.key }) where channel.TrainingInputMode == "Pipe" {
      throw SageMakerError.pipeMode(channel: name)
    }
    return (FilePath.entries(of: "\(root)/input/data") ?? []).filter {
      !$0.hasPrefix(".") && !$0.hasSuffix("-manifest")
    }.sorted()
  }

  private func checkResources() throws {
    struct Resources: Decodable { var hosts: [String]? }
    let resources: Resources? = try configuration("resourceconfig.json")
    if let hosts = resources?.hosts, hosts.count > 1 { throw SageMakerError.severalHosts(hosts.count) }
  }

  /// One file of the job's configuration; `nil` where there is none.
  private func configuration<Value: Decodable>(_ name: String) throws -> Value? {
    let path = "\(root)/input/config/\(name)"
    guard let bytes = try Location(path).contents() else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw SageMakerError.configuration(file: path, reason: "it is not the JSON that SageMaker writes there")
    }
  }
}

/// A value of a hyperparameter. The service makes strings of all; its Python library puts JSON into the strings.
private struct Scalar: Decodable {
  var text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      let isQuoted = text.count >= 2 && text.first == "\"" && text.last == "\""
      self.text = isQuoted ? String(text.dropFirst().dropLast()) : text
    } else if let flag = try? container.decode(Bool.self) {
      text = flag ? "true" : "false"
    } else if let number = try? container.decode(Int.self) {
      text = String(number)
    } else {
      text = String(try container.decode(Double.self))
    }
  }
}
