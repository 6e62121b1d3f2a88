import Testing

@Suite struct `inspect and what is checked before reading` {
  @Test func `inspect tells what the ratings are`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(["inspect", "ratings.tsv", "--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONValue(parsing: outcome.output)
    let count = Double(SampleWorkspace.ratings.split(separator: "\n").count)
    #expect(json["users"]?.number == 12 && json["items"]?.number == 9 && json["ratings"]?.number == count)
    #expect(json["density"]?.number == count / (12 * 9))
    #expect(json["lowest_rating"]?.number == 1 && json["highest_rating"]?.number == 5)
    #expect(json["ratings_per_item"]?["most"]?.number == 12 && json["rows"]?.number == count)
    #expect(json["seconds"]?.keys == ["build", "read"])
    let table = try GPUALSProgram.run(["inspect", "ratings.tsv", "--quiet"], in: workspace)
    #expect(table.output.contains("users") && table.output.contains("bytes per rating") && table.errors.isEmpty)
  }

  @Test func `every form of ratings is read by the same commands`() throws {
    let workspace = try SampleWorkspace.trained()
    let rows = SampleWorkspace.ratings.split(separator: "\n").map { $0.split(separator: "\t") }
    try workspace.write(
      rows.map { "{\"plays\":\($0[2]),\"user_id\":\"\($0[0])\",\"track\":\($0[1])}\n" }.joined(), to: "ratings.jsonl")
    try workspace.write(
      "%%MatrixMarket matrix coordinate integer general\n12 109 \(rows.count)\n"
        + rows.map { $0.joined(separator: " ") + "\n" }.joined(), to: "ratings.mtx")
    let values = rows.flatMap { $0 }.compactMap { Int32($0) }
    let header = "{'descr': '<i4', 'fortran_order': False, 'shape': (\(rows.count), 3), }\n"
    try workspace.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        + values.withUnsafeBytes { Array($0) }, to: "ratings.npy")
    let expected = try GPUALSProgram.run(
      ["evaluate", "--model", "model", "--test", "ratings.tsv"], in: workspace)
    for (file, format) in [("jsonl", "jsonl"), ("mtx", "matrix-market"), ("npy", "npy")] {
      for choice in ["auto", format] {
        let outcome = try GPUALSProgram.run(
          ["evaluate", "--model", "model", "--test", "ratings.\(file)", "--format", choice], in: workspace)
        #expect(outcome.status == 0 && outcome.output == expected.output, "\(format): \(outcome.errors)")
      }
    }
    // The training matrix of a model is in rows and columns, not in ids.
    let matrix = try JSONValue(
      parsing: GPUALSProgram.run(["inspect", "model/ratings.npz", "--format", "npz", "--json"], in: workspace).output)
    #expect(matrix["ratings"]?.number == Double(rows.count) && matrix["users"]?.number == 12)
    let wrong = try GPUALSProgram.run(["inspect", "ratings.mtx", "--columns", "user,item"], in: workspace)
    #expect(wrong.status == 64 && wrong.errors.contains("--columns 2,1,3"), "\(wrong.errors)")
    let piped = try GPUALSProgram.run(["inspect", "-", "--format", "npz"], in: workspace)
    #expect(piped.status == 64 && piped.errors.contains("plain file"), "\(piped.errors)")
  }

  @Test func `inspect fails on malformed ratings as train does`() throws {
    let workspace = try Workspace()
    try workspace.write("1\t2\t3\n1\t2\tx\n", to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(["inspect", "ratings.tsv"], in: workspace)
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("ratings.tsv:2: expected a number in column 3, found \"x\""))
  }

  @Test(arguments: ["--test", "--item-names"])
  func `a file that is missing is told before the ratings are read`(option: String) throws {
    let workspace = try Workspace()
    try workspace.write("1\t2\tx\n", to: "ratings.tsv")
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + [option, "missing"], in: workspace)
    #expect(outcome.status == 66)
    #expect(outcome.errors.contains("missing: there is no such file"), "\(outcome.errors)")
  }

  @Test func `a holdout that draws nothing is warned of`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(SampleWorkspace.train + ["--holdout", "1e-9"], in: workspace)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains("gpuals: warning: --holdout 1e-09 drew none of the 84 ratings"), "\(outcome.errors)")
  }

  @Test func `ids to drop may have spaces behind the commas`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(
      ["inspect", "ratings.tsv", "--drop-items", "101, 102", "--json"], in: workspace)
    #expect(try JSONValue(parsing: outcome.output)["items"]?.number == 7)
  }

  @Test func `a directory of ratings can hold its own model`() throws {
    let workspace = try Workspace()
    try workspace.write(SampleWorkspace.ratings, to: "data/ratings.tsv")
    let arguments = ["train", "data", "--model", "data/model"] + SampleWorkspace.train[4...]
    for _ in 1...2 {
      let outcome = try GPUALSProgram.run(arguments, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }
}
