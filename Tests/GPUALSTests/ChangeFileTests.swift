import Testing

@Suite struct `Training on changes of DMS` {
  /// The sample's ratings as a full load and changes to it: some ratings come late, some are wrong at first, some go again. Names
  /// of files by their names here.
  static func write(in workspace: Workspace) throws -> [String: String] {
    let rows = SampleWorkspace.ratings.split(separator: "\n").map { $0.split(separator: "\t").joined(separator: ",") }
    var (load, first, second) = ("", "", "")
    for (position, row) in rows.enumerated() {
      switch position % 4 {
      case 0: load += row + "\n"
      case 1:
        load += row.dropLast() + "9\n"
        first += "D,\(row.dropLast())9\n"
        second += "I,\(row)\n"
      case 2:
        load += row.dropLast() + "9\n"
        first += "U,\(row.dropLast())8\n"
        second += "U,\(row)\n"
      default: first += "I,\(row)\n"
      }
    }
    load += "nobody,101,3\n1,300,4\n"
    first += "I,else,400,3\nU,1,300,255\n"
    second += "D,nobody,101,3\nD,else,400,3\n"
    let files = [
      "load.csv": "public/ratings/LOAD00000001.csv",
      "first.csv": "public/ratings/2014/10/30/20141029-1134010000.csv",
      "second.csv": "public/ratings/2014/10/29/20141030-0000000000.csv",
    ]
    for (name, text) in [("load.csv", load), ("first.csv", first), ("second.csv", second)] {
      try workspace.write(text, to: name)
      try workspace.write(text, to: "dms/" + (files[name] ?? name))
    }
    return files
  }

  static let parts = ["user_factors.npy", "item_factors.npy", "ratings.npz", "users.txt", "items.txt"]

  @Test(arguments: [[], ["--implicit"]], [[], ["--format", "dms-csv"]])
  func `gives the model of the table that they leave`(feedback: [String], format: [String]) throws {
    let workspace = try SampleWorkspace.trained(feedback)
    _ = try Self.write(in: workspace)
    let outcome = try GPUALSProgram.run(
      [
        "train", "dms", "--model", "other", "--device", "reference", "--rank", "3", "--iterations", "4",
        "--rating-map", "255=drop",
      ] + feedback + format, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("replayed the operations on each pair"), "\(outcome.errors)")
    for file in Self.parts {
      #expect(try workspace.readBytes("other/\(file)") == workspace.readBytes("model/\(file)"), "\(file)")
    }
  }

  @Test func `another policy for repeated ratings is refused with the remedy`() throws {
    let workspace = try SampleWorkspace.make()
    _ = try Self.write(in: workspace)
    let outcome = try GPUALSProgram.run(
      ["train", "dms", "--model", "model", "--device", "reference", "--duplicates", "sum"], in: workspace)
    #expect(outcome.status == 64 && outcome.errors.contains("leave out --duplicates sum"), "\(outcome.errors)")
  }

  @Test func `messages are read by their format, and by looking`() throws {
    let workspace = try SampleWorkspace.trained()
    let rows = SampleWorkspace.ratings.split(separator: "\n").map { $0.split(separator: "\t") }
    let lines = rows.map {
      #"{"data":{"user_id":"\#($0[0])","artist_id":\#($0[1]),"plays":"\#($0[2])"},"metadata":{"operation":"load","record-type":"data"}}"#
        + "\n"
    }
    try workspace.write(lines.joined(), to: "messages.jsonl")
    for format in [[], ["--format", "dms-json"]] {
      let outcome = try GPUALSProgram.run(
        [
          "train", "messages.jsonl", "--model", "other", "--device", "reference", "--rank", "3", "--iterations", "4",
          "--quiet",
        ] + format, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for file in Self.parts {
        #expect(try workspace.readBytes("other/\(file)") == workspace.readBytes("model/\(file)"), "\(file)")
      }
    }
  }
}
