import Testing

@Suite struct `gpuals import` {
  private func run(_ arguments: [String], in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(arguments, in: workspace)
  }

  private static let full = [
    "import", "--from", "implicit", "out.npz", "--model", "copy", "--users", "model/users.txt", "--items",
    "model/items.txt",
    "--ratings", "model/ratings.npz", "--item-names", "names.tsv",
  ]

  /// A model as implicit would have saved it.
  private func exported() throws -> Workspace {
    let workspace = try SampleWorkspace.trained([
      "--implicit", "--alpha", "2.5", "--regularization", "0.05", "--regularization-exponent", "0", "--item-names",
      "names.tsv",
    ])
    let outcome = try run(
      ["export", "--model", "model", "--to", "implicit", "--output", "out.npz", "--quiet"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return workspace
  }

  @Test func `what was exported for implicit comes back the same, bit for bit`() throws {
    let workspace = try exported()
    let outcome = try run(Self.full, in: workspace)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.contains("α·r"))
    for name in ["user_factors.npy", "item_factors.npy", "users.txt", "items.txt", "item_names.txt", "ratings.npz"] {
      #expect(try workspace.readBytes("copy/\(name)") == workspace.readBytes("model/\(name)"), "\(name)")
    }
    let parameters = try JSONValue(parsing: workspace.read("copy/model.json"))["parameters"]
    #expect(parameters?["alpha"] == .number(2.5) && parameters?["regularization"] == .number(0.05))
    #expect(parameters?["regularization_exponent"] == .number(0) && parameters?["rank"] == .number(3))
    #expect(parameters?["solver"] == .text("cholesky"))
    let again = try run(
      ["export", "--model", "copy", "--to", "implicit", "--output", "again.npz", "--quiet"], in: workspace)
    #expect(try again.status == 0 && workspace.readBytes("again.npz") == workspace.readBytes("out.npz"))
  }

  @Test func `an imported model recommends, explains, is measured and updated`() throws {
    let workspace = try exported()
    #expect(try run(Self.full + ["--quiet"], in: workspace).status == 0)
    for arguments in [
      ["recommend", "--all"], ["similar", "--item", "101"], ["explain", "--user", "1", "--item", "104"],
      ["evaluate", "--test", "ratings.tsv", "--metrics", "rmse,auc", "--include-seen"],
    ] {
      let original = try run(arguments + ["--model", "model"], in: workspace)
      let copy = try run(arguments + ["--model", "copy"], in: workspace)
      #expect(
        copy.status == 0 && copy.output == original.output && !copy.output.isEmpty, "\(arguments): \(copy.errors)")
    }
    try workspace.write("1\t999\t4\nnew\t101\t5\n", to: "changes.tsv")
    let update = try run(["update", "changes.tsv", "--model", "copy", "--device", "reference"], in: workspace)
    #expect(update.status == 0, "\(update.errors)")
    #expect(try run(["recommend", "--model", "copy", "--user", "new"], in: workspace).status == 0)
  }

  @Test func `without lists of ids, rows go by their numbers from zero`() throws {
    let workspace = try exported()
    let outcome = try run(["import", "--from", "implicit", "out.npz", "--model", "copy"], in: workspace)
    #expect(outcome.status == 0 && outcome.errors.contains("without --ratings"), "\(outcome.errors)")
    #expect(try workspace.read("copy/users.txt") == (0..<12).map { "\($0)\n" }.joined())
    #expect(try workspace.read("copy/items.txt") == (0..<9).map { "\($0)\n" }.joined())
    #expect(!workspace.exists("copy/ratings.npz") && !workspace.exists("copy/item_names.txt"))
    let update = ["update", "--model", "copy", "changes.tsv", "--device", "reference"]
    try workspace.write("0\t8\t4\nnew\t1\t5\n", to: "changes.tsv")
    let without = try run(update, in: workspace)
    #expect(without.status == 65 && without.errors.contains("give them with --ratings"), "\(without.errors)")
    let with = try run(update + ["--ratings", "model/ratings.npz", "--output", "newer"], in: workspace)
    #expect(with.status == 0, "\(with.errors)")
    let list = try run(["recommend", "--model", "copy", "--user", "0", "-n", "9"], in: workspace)
    #expect(list.status == 0 && list.output.split(separator: "\n").count == 10, "\(list.errors)")
  }

  @Test func `what does not fit is refused, and nothing is written`() throws {
    let workspace = try exported()
    try workspace.write("a\nb\n", to: "few.txt")
    try workspace.write((0..<11).map { "\($0)\n" }.joined() + "3\n", to: "twice.txt")
    try workspace.write((0..<11).map { "\($0)\n" }.joined() + "\n\n", to: "empty.txt")
    try workspace.write("not a model", to: "text.npz")
    try workspace.write(Array(workspace.readBytes("out.npz").dropLast(30)), to: "cut.npz")
    let begin = ["import", "--from", "implicit"]
    let end = ["--model", "copy"]
    for (arguments, status, text) in [
      (begin + ["out.npz", "--users", "few.txt"] + end, 65, "few.txt: holds 2 ids, but the model has 12 rows"),
      (begin + ["out.npz", "--users", "twice.txt"] + end, 65, "twice.txt: "),
      (begin + ["out.npz", "--users", "empty.txt"] + end, 65, "empty.txt:12: expected an id"),
      (begin + ["out.npz", "--items", "absent.txt"] + end, 66, "absent.txt: there is no such file"),
      (begin + ["absent.npz"] + end, 66, "absent.npz: there is no such file"),
      (begin + ["text.npz"] + end, 65, "text.npz: it is not a ZIP archive"),
      (begin + ["cut.npz"] + end, 65, "cut.npz: "),
      (begin + ["model/ratings.npz"] + end, 65, "model/ratings.npz: it has no user_factors"),
      (begin + ["out.npz", "--ratings", "out.npz"] + end, 65, "out.npz: it has no entry format.npy"),
      (begin + ["out.npz", "--ratings", "absent.npz"] + end, 66, "absent.npz: there is no such file"),
      (["import", "--from", "abacus", "out.npz"] + end, 64, "abacus"),
      (begin + ["out.npz", "--model", "few.txt"], 73, "few.txt"),
    ] as [([String], Int32, String)] {
      let outcome = try run(arguments, in: workspace)
      #expect(
        outcome.status == status && outcome.errors.contains(text), "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(!outcome.errors.contains("the model is damaged"), "\(outcome.errors)")
      #expect(!workspace.exists("copy"))
    }
  }
}
