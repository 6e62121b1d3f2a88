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
