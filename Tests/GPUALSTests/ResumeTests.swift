import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct `Resuming and interrupting` {
  /// The arguments of the sample with another number of iterations.
  private func train(iterations: Int, _ more: [String] = []) -> [String] {
    SampleWorkspace.train.map { $0 == "4" ? String(iterations) : $0 } + more
  }

  /// Arguments that train for hours unless stopped.
  private static let long = [
    "train", "ratings.tsv", "--model", "model", "--device", "reference", "--rank", "3", "--iterations", "100000000",
  ]

  @Test func `a run in two parts gives the bytes of one without a break`() throws {
    let whole = try SampleWorkspace.make()
    #expect(try GPUALSProgram.run(train(iterations: 6), in: whole).status == 0)
    let parts = try SampleWorkspace.make()
    #expect(try GPUALSProgram.run(train(iterations: 2), in: parts).status == 0)
    let second = try GPUALSProgram.run(train(iterations: 6, ["--resume", "--json"]), in: parts)
    #expect(second.status == 0, "\(second.errors)")
    for file in ["model/user_factors.npy", "model/item_factors.npy"] {
      #expect(try whole.readBytes(file) == parts.readBytes(file))
    }
    let iterations = try #require(try JSONValue(parsing: second.output)["iterations"])
    #expect(iterations.elements.map { $0["iteration"]?.number } == [1, 2, 3, 4, 5, 6])
  }

  @Test func `a run killed at any moment goes on to the same bytes`() throws {
    let whole = try SampleWorkspace.make()
    #expect(try GPUALSProgram.run(train(iterations: 40), in: whole).status == 0)
    for microseconds: UInt32 in [0, 20_000, 60_000, 120_000, 250_000] {
      let workspace = try SampleWorkspace.make()
      let running = try GPUALSProgram.start(train(iterations: 40, ["--checkpoint-every", "1"]), in: workspace)
      usleep(microseconds)
      running.send(SIGKILL)
      _ = try running.wait()
      let resumed = try GPUALSProgram.run(
        train(iterations: 40, ["--checkpoint-every", "1", "--resume"]), in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
      for file in ["model/user_factors.npy", "model/item_factors.npy"] {
        #expect(try whole.readBytes(file) == workspace.readBytes(file))
      }
      #expect(workspace.entries() == ["model", "names.tsv", "ratings.tsv"], "leftovers of the killed run are removed")
    }
  }

  @Test func `without a model it starts from the beginning and says so`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(
      SampleWorkspace.train.filter { $0 != "--quiet" } + ["--resume"], in: workspace)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("no model to resume"))
  }

  @Test func `a complete model stays as it is`() throws {
    let workspace = try SampleWorkspace.trained()
    let before = try workspace.readBytes("model/model.json")
    let outcome = try GPUALSProgram.run(
      SampleWorkspace.train.filter { $0 != "--quiet" } + ["--resume", "--json"], in: workspace)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("already has its 4 iterations"))
    #expect(try JSONValue(parsing: outcome.output)["iterations"]?.elements.count == 4)
    #expect(try workspace.readBytes("model/model.json") == before)
  }

  @Test(arguments: [
    (["--rank", "4"], "--rank 3, not 4"), (["--regularization", "0.2"], "--regularization 0.1, not 0.2"),
    (["--seed", "1"], "--seed 42, not 1"), (["--implicit"], "without --implicit"), (["--holdout", "0.3"], "not the same"),
  ])
  func `other parameters or ratings are refused`(_ changed: [String], _ says: String) throws {
    let workspace = try SampleWorkspace.trained()
    let before = try workspace.readBytes("model/model.json")
    let outcome = try GPUALSProgram.run(
      train(iterations: 9, ["--resume"]).filter { !changed.contains("--rank") || $0 != "3" && $0 != "--rank" } + changed,
      in: workspace)
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("cannot resume model"))
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(try workspace.readBytes("model/model.json") == before)
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func `a signal saves the iteration and tells how to go on`(_ signal: Int32, _ status: Int32) throws {
    let workspace = try SampleWorkspace.make()
    let running = try GPUALSProgram.start(Self.long + ["--checkpoint-every", "1000000"], in: workspace)
    try running.waitForErrors(containing: "iteration 3/")
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.status == status)
    #expect(outcome.errors.contains("which is saved in model; the same command with --resume goes on"))
    #expect(try GPUALSProgram.run(["recommend", "--model", "model", "--user", "1"], in: workspace).status == 0)
    #expect(workspace.entries() == ["model", "names.tsv", "ratings.tsv"])
  }

  @Test func `a signal ends a run without checkpoints at once and leaves nothing`() throws {
    let workspace = try SampleWorkspace.make()
    let running = try GPUALSProgram.start(Self.long, in: workspace)
    try running.waitForErrors(containing: "iteration 1/")
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("nothing was saved"))
    #expect(outcome.errors.contains("--checkpoint-every"))
    #expect(workspace.entries() == ["names.tsv", "ratings.tsv"])
  }
}
