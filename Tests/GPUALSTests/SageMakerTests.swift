import Testing

@Suite struct `Training as a SageMaker container` {
  private static let hyperparameters =
    #"{"rank": "3", "iterations": "4", "device": "\"reference\"", "nonnegative": "false", "sagemaker_region": "x"}"#

  /// A root as the service makes it.
  private func workspace(_ hyperparameters: String = hyperparameters, channel: String = "train") throws -> Workspace {
    let workspace = try SampleWorkspace.make()
    try workspace.write(hyperparameters, to: "ml/input/config/hyperparameters.json")
    try workspace.write(SampleWorkspace.ratings, to: "ml/input/data/\(channel)/ratings.tsv")
    return workspace
  }

  private func train(in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(["sagemaker-train", "--root", workspace.file("ml")], in: workspace)
  }

  @Test(arguments: ["train", "training", "whatever"])
  func `the model is that of train, where the service takes it from`(_ channel: String) throws {
    let workspace = try workspace(channel: channel)
    // A mount that is there already, with what an earlier run left.
    try workspace.write("old", to: "ml/model/item_names.txt")
    try workspace.write("kept", to: "ml/model/code/inference.py")
    let outcome = try train(in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try GPUALSProgram.run(SampleWorkspace.train, in: workspace).status == 0)
    for file in ["user_factors.npy", "item_factors.npy", "users.txt", "items.txt", "ratings.npz"] {
      #expect(try workspace.readBytes("ml/model/\(file)") == workspace.readBytes("model/\(file)"), "\(file)")
    }
    #expect(!workspace.exists("ml/model/item_names.txt") && workspace.exists("ml/model/code/inference.py"))
    #expect(!workspace.exists("ml/output/failure"))
    let lists = try GPUALSProgram.run(["recommend", "--model", "ml/model", "--user", "1"], in: workspace)
    #expect(lists.status == 0, "\(lists.errors)")
  }

  @Test func `other channels are held-out ratings and names`() throws {
    let workspace = try workspace()
    try workspace.write(SampleWorkspace.ratings, to: "ml/input/data/validation/ratings.tsv")
    try workspace.write(SampleWorkspace.names, to: "ml/input/data/names/artists.tsv")
    try workspace.write(
      #"{"train": {"TrainingInputMode": "File"}, "validation": {"TrainingInputMode": "File"}}"#,
      to: "ml/input/config/inputdataconfig.json")
    try workspace.write(#"{"current_host": "algo-1", "hosts": ["algo-1"]}"#, to: "ml/input/config/resourceconfig.json")
    let outcome = try train(in: workspace)
    #expect(outcome.status == 0 && outcome.errors.contains("test RMSE"), "\(outcome.errors)")
    #expect(try workspace.read("ml/model/item_names.txt").hasPrefix("Étude"))
  }

  @Test func `a job with checkpoints goes on from the last one`() throws {
    let workspace = try workspace()
    workspace.makeDirectory("ml/checkpoints")
    try workspace.write(
      Self.hyperparameters.replacing("\"4\"", with: "\"2\""), to: "ml/input/config/hyperparameters.json")
    #expect(try train(in: workspace).status == 0)
    try workspace.write(Self.hyperparameters, to: "ml/input/config/hyperparameters.json")
    let outcome = try train(in: workspace)
    #expect(outcome.status == 0 && outcome.errors.contains("--resume"), "\(outcome.errors)")
    #expect(try GPUALSProgram.run(SampleWorkspace.train, in: workspace).status == 0)
    #expect(try workspace.readBytes("ml/model/user_factors.npy") == workspace.readBytes("model/user_factors.npy"))
  }

  @Test(arguments: [
    (#"{"rank": "many"}"#, Int32(64), "rank"), (#"{"no_such_option": "1"}"#, 64, "no-such-option"),
    (#"{"model": "elsewhere"}"#, 64, "model"), ("{", 64, "hyperparameters.json"),
    (#"{"rank": "3", "device": "reference", "columns": "1,9"}"#, 65, "ratings.tsv"),
  ])
  func `what is wrong is told where the service looks for it`(
    _ hyperparameters: String, _ status: Int32, _ says: String
  )
    throws
  {
    let workspace = try workspace(hyperparameters)
    let outcome = try train(in: workspace)
    #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
    let failure = try workspace.read("ml/output/failure")
    #expect(failure.contains(says) && failure.utf8.count <= 1024, "\(failure)")
    #expect(!workspace.exists("ml/model/model.json"))
  }

  @Test func `channels that cannot be trained on are refused`() throws {
    let workspace = try workspace(channel: "one")
    try workspace.write("1\t2\t3\n", to: "ml/input/data/two/ratings.tsv")
    let unclear = try train(in: workspace)
    #expect(unclear.status == 66 && unclear.errors.contains("one, two"), "\(unclear.errors)")
    try workspace.write(#"{"one": {"TrainingInputMode": "Pipe"}}"#, to: "ml/input/config/inputdataconfig.json")
    #expect(try train(in: workspace).errors.contains("Pipe"))
    try workspace.write(#"{"hosts": ["algo-1", "algo-2"]}"#, to: "ml/input/config/resourceconfig.json")
    #expect(try train(in: workspace).errors.contains("2 instances"))
  }
}
