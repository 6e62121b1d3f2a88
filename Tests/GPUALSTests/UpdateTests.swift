import Testing

@Suite struct `Updating a model` {
  private func update(_ more: [String], in workspace: Workspace, input: String = "") throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(
      ["update", "--model", "model", "--device", "reference"] + more, in: workspace, input: input)
  }

  /// The sample's model, and a new user who likes what users 7 to 12 like.
  private func workspace(_ more: [String] = []) throws -> Workspace {
    let workspace = try SampleWorkspace.trained(more)
    try workspace.write(
      "nina\t105\t5\nnina\t106\t5\nnina\t101\t1\n1\t101\t1\nnina\t300\t4\n7\t300\t5\n", to: "changes.tsv")
    return workspace
  }

  @Test func `new users and items are folded in, and others stay`() throws {
    let workspace = try workspace(["--item-names", "names.tsv"])
    let outcome = try update(["changes.tsv", "--output", "newer", "--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    #expect(json["new_users"] == .number(1) && json["new_items"] == .number(1))
    // Pair 1, 101 was not rated in the sample or was rated otherwise: either way it counts.
    #expect((json["added"]?.number ?? 0) + (json["changed"]?.number ?? 0) == 6)
    #expect(json["updated"] == .bool(true))
    #expect(try workspace.read("newer/users.txt").hasSuffix("12\nnina\n"))
    #expect(try workspace.read("newer/items.txt").hasSuffix("109\n300\n"))
    #expect(try workspace.read("newer/item_names.txt").hasSuffix("Eight\n\n\n"))
    #expect(try workspace.read("model/users.txt").hasSuffix("12\n"), "the old model is as it was")
    let lists = try GPUALSProgram.run(["recommend", "--model", "newer", "--user", "nina", "-n", "2"], in: workspace)
    let items = lists.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
    #expect(Set(items).isSubset(of: ["107", "108"]), "\(lists.output)")
  }

  @Test func `the same batch twice changes nothing`() throws {
    let workspace = try workspace()
    #expect(try update(["changes.tsv"], in: workspace).status == 0)
    let once = try workspace.readBytes("model/model.json") + workspace.readBytes("model/user_factors.npy")
    let again = try update(["changes.tsv"], in: workspace)
    #expect(again.status == 0 && again.errors.contains("has these changes already"), "\(again.errors)")
    #expect(try workspace.readBytes("model/model.json") + workspace.readBytes("model/user_factors.npy") == once)
  }

  @Test func `batches are passed over up to the last one's number`() throws {
    let workspace = try workspace()
    #expect(try update(["changes.tsv", "--sequence", "7"], in: workspace).status == 0)
    try workspace.write("8\t101\t5\n", to: "changes.tsv")
    let old = try update(["changes.tsv", "--sequence", "7"], in: workspace)
    #expect(old.status == 0 && old.errors.contains("not newer"), "\(old.errors)")
    let new = try update(["changes.tsv", "--sequence", "8"], in: workspace)
    #expect(new.errors.contains("solved 4 users"), "\(new.errors)")
    let record = try #require(try JSONValue(parsing: workspace.read("model/model.json"))["updates"])
    #expect(record["sequence"] == .number(8) && record["batches"] == .number(2) && record["trained"] == .number(84))
  }

  @Test func `ratings are deleted`() throws {
    let workspace = try workspace()
    // All of user 4, and a pair that was never there.
    try workspace.write(
      SampleWorkspace.ratings.split(separator: "\n").filter { $0.hasPrefix("4\t") }.joined(separator: "\n")
        + "\n4\t999\t1\n",
      to: "gone.tsv")
    let outcome = try update(["--delete", "gone.tsv", "--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try JSONValue(parsing: outcome.output)["deleted"] == .number(7))
    #expect(outcome.errors.contains("does not know 1 pair"), "\(outcome.errors)")
    let list = try GPUALSProgram.run(["recommend", "--model", "model", "--user", "4", "-n", "9"], in: workspace)
    #expect(list.output.split(separator: "\n").count == 10, "nothing is seen any more")
    try workspace.write(SampleWorkspace.ratings, to: "gone.tsv")
    let all = try update(["--delete", "gone.tsv"], in: workspace)
    #expect(all.status == 65 && all.errors.contains("no ratings are left"), "\(all.errors)")
  }

  @Test func `a model without its ratings takes them from a file, if they are the same`() throws {
    let workspace = try workspace(["--no-keep-ratings"])
    let bare = try update(["changes.tsv"], in: workspace)
    #expect(bare.status == 65 && bare.errors.contains("--ratings"), "\(bare.errors)")
    let other = try update(["changes.tsv", "--ratings", "changes.tsv"], in: workspace)
    #expect(other.status == 65 && other.errors.contains("not the same"), "\(other.errors)")
    let given = try update(["changes.tsv", "--ratings", "ratings.tsv"], in: workspace)
    #expect(given.status == 0, "\(given.errors)")
    #expect(!workspace.exists("model/ratings.npz"))
    let kept = try self.workspace()
    #expect(try update(["changes.tsv"], in: kept).status == 0)
    #expect(try kept.readBytes("model/user_factors.npy") == workspace.readBytes("model/user_factors.npy"))
  }

  @Test func `changes that the model does not fit advise to train again`() throws {
    let workspace = try workspace()
    // Everyone has turned round.
    let turned = SampleWorkspace.ratings.split(separator: "\n").map { row in
      let fields = row.split(separator: "\t")
      return "\(fields[0])\t\(fields[1])\t\(6 - Int(fields[2])!)\n"
    }.joined()
    let outcome = try update(["-"], in: workspace, input: turned)
    #expect(outcome.status == 0 && outcome.errors.contains("training again is advisable"), "\(outcome.errors)")
    let calm = try self.workspace()
    let small = try update(["-"], in: calm, input: "1\t101\t4\n")
    #expect(!small.errors.contains("advisable"), "\(small.errors)")
  }

  @Test(arguments: [
    ([], Int32(64), "--delete"), (["missing.tsv"], 66, "missing.tsv"), (["bad.tsv"], 65, "bad.tsv:2"),
    (["changes.tsv", "--delete", "missing.tsv"], 66, "missing.tsv"), (["-", "--delete", "-"], 64, "only once"),
  ])
  func `what cannot be folded in leaves the model as it was`(_ arguments: [String], _ status: Int32, _ says: String)
    throws
  {
    let workspace = try workspace()
    try workspace.write("1\t101\t5\n1\t102\tx\n", to: "bad.tsv")
    let before = try workspace.readBytes("model/model.json")
    let outcome = try update(arguments, in: workspace)
    #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
    #expect(try workspace.readBytes("model/model.json") == before)
  }
}
