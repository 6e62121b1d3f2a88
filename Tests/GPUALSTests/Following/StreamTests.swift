import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.serialized, .enabled(if: ObjectStore.isThere, "\(ObjectStore.absence)"))
struct `Following a stream` {
  private func arguments(_ stream: String, _ model: String = "model") -> [String] {
    ["update", "--kinesis", stream, "--model", model, "--device", "reference", "--poll", "0.1"]
  }

  /// Follows a stream until nothing comes any more.
  private func follow(
    _ stream: String, _ model: String = "model", _ more: [String] = [], in workspace: Workspace
  ) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(
      arguments(stream, model) + ["--stop-when-idle", "0"] + more, in: workspace,
      environment: ObjectStore.environment)
  }

  private func makeStream(_ name: String, shards: Int = 1, in workspace: Workspace) throws {
    try ObjectStore.aws(
      ["kinesis", "create-stream", "--stream-name", name, "--shard-count", "\(shards)"], in: workspace)
  }

  /// Writes messages, those of a user into one shard.
  private func put(_ messages: [String], into stream: String, in workspace: Workspace) throws {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    let records = messages.map { message in
      // The user's id stands in quotes or alone behind the first key that names users.
      let rest = message.split(separator: "user").dropFirst().first ?? "none"
      let user = rest.drop { $0 != ":" }.drop { ": \"".contains($0) }.prefix { $0.isLetter || $0.isNumber }
      return "{\"Data\": \(quoted(message)), \"PartitionKey\": \(quoted("user " + user))}"
    }
    try workspace.write("[\(records.joined(separator: ",\n"))]", to: "records.json")
    try ObjectStore.aws(
      ["kinesis", "put-records", "--stream-name", stream, "--records", "file://records.json"], in: workspace)
  }

  private func message(_ operation: String, _ user: String, _ item: String, _ rating: Int) -> String {
    """
    {"data": {"user_id": "\(user)", "artist_id": \(item), "rating": "\(rating)"}, "metadata": {"timestamp": \
    "2026-11-27T10:00:00.000000Z", "record-type": "data", "operation": "\(operation)", "partition-key-type": \
    "primary-key", "schema-name": "shop", "table-name": "ratings", "transaction-id": 7}}
    """
  }

  private static let control =
    #"{"control": {}, "metadata": {"record-type": "control", "operation": "create-table", "schema-name": "shop"}}"#

  /// What the changes of ``DMSFolder`` are as messages, without the full load.
  private var messages: [[String]] {
    [
      [
        Self.control, message("insert", "nina", "105", 5), message("insert", "nina", "106", 5),
        message("update", "1", "109", 1), message("insert", "1", "200", 4),
      ],
      [
        message("delete", "nina", "105", 5), message("update", "1", "109", 5), message("update", "nina", "106", 2),
        #"{"user": 2, "item": "200", "rating": 3}"#,
      ],
      [
        #"{"user": "nina", "item": "105", "rating": 1}"#, #"{"user": 1, "item": 200, "operation": "delete"}"#,
        message("update", "1", "109", 2), #"{"user": "max", "item": 101, "rating": 5.0}"#,
      ],
    ]
  }

  /// What all changes come to.
  private func wanted(in workspace: Workspace) throws -> [String: [UInt8]] {
    try workspace.copyDirectory("model", to: "wanted")
    try workspace.write(DMSFolder.net, to: "net.tsv")
    let outcome = try GPUALSProgram.run(
      ["update", "net.tsv", "--model", "wanted", "--device", "reference"], in: workspace)
    guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    return try DMSFolder.bytes(of: "wanted", in: workspace)
  }

  @Test func `messages of both kinds come into the model, and poison goes aside`() throws {
    let workspace = try SampleWorkspace.trained()
    let wanted = try wanted(in: workspace)
    try makeStream("both", shards: 2, in: workspace)
    let poison = ["no JSON", #"{"user": 1, "item": 101, "rating": "many"}"#, #"{"user": 1}"#]
    for part in messages { try put(part + [poison[0]], into: "both", in: workspace) }
    try put(Array(poison.dropFirst()), into: "both", in: workspace)
    let outcome = try follow("both", "model", ["--json"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try DMSFolder.bytes(of: "model", in: workspace) == wanted)
    let summary = try JSONValue(parsing: outcome.output)
    #expect(summary["records"] == .number(18) && summary["rejected"] == .number(5), "\(outcome.output)")
    #expect(outcome.errors.contains("5 records put aside") && outcome.errors.contains("model-dead-letters.jsonl"))
    let letters = try workspace.read("model-dead-letters.jsonl").split(separator: "\n").map {
      try JSONValue(parsing: String($0))
    }
    #expect(letters.count == 5 && letters.count { $0["data"] == .text("no JSON") } == 3)
    #expect(letters.allSatisfy { $0["stream"] == .text("both") && $0["reason"] != nil && $0["sequence"] != nil })
    let record = try #require(try JSONValue(parsing: workspace.read("model/model.json"))["updates"])
    #expect(record["rejected"] == .number(5) && record["changes"] == .number(5))

    let bytes = try workspace.readBytes("model/model.json")
    let again = try follow("both", "model", ["--json"], in: workspace)
    #expect(try JSONValue(parsing: again.output)["records"] == .number(0), "\(again.errors)")
    #expect(try workspace.readBytes("model/model.json") == bytes, "nothing is published for nothing")
    let anew = try follow("both", "model", ["--json", "--restart-stream"], in: workspace)
    #expect(try JSONValue(parsing: anew.output)["records"] == .number(18))
    #expect(try DMSFolder.bytes(of: "model", in: workspace) == wanted, "what comes twice changes nothing")
  }

  @Test func `shards that are split and merged are followed in their order`() throws {
    let workspace = try SampleWorkspace.trained()
    let wanted = try wanted(in: workspace)
    try makeStream("resharded", in: workspace)
    try put(messages[0], into: "resharded", in: workspace)
    #expect(try follow("resharded", in: workspace).status == 0)
    try ObjectStore.aws(
      [
        "kinesis", "split-shard", "--stream-name", "resharded", "--shard-to-split", "shardId-000000000000",
        "--new-starting-hash-key", "170141183460469231731687303715884105728",
      ], in: workspace)
    try put(messages[1], into: "resharded", in: workspace)
    #expect(try follow("resharded", in: workspace).status == 0)
    try ObjectStore.aws(
      [
        "kinesis", "merge-shards", "--stream-name", "resharded", "--shard-to-merge", "shardId-000000000001",
        "--adjacent-shard-to-merge", "shardId-000000000002",
      ], in: workspace)
    try put(messages[2], into: "resharded", in: workspace)
    let outcome = try follow("resharded", in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try DMSFolder.bytes(of: "model", in: workspace) == wanted)
    let streams = try JSONValue(parsing: workspace.read("model/model.json"))["updates"]?["streams"]?["resharded"]
    for shard in 0...2 { #expect(streams?["shardId-00000000000\(shard)"] == .text("SHARD_END"), "\(shard)") }
  }

  @Test func `a follower that is killed or asked to end is gone on with`() throws {
    let workspace = try SampleWorkspace.trained()
    let wanted = try wanted(in: workspace)
    try makeStream("ended", in: workspace)
    for (part, signal) in zip(messages, [SIGKILL, SIGTERM, SIGKILL]) {
      try put(part, into: "ended", in: workspace)
      let running = try GPUALSProgram.start(
        arguments("ended") + ["--publish-every", signal == SIGTERM ? "1000" : "0"], in: workspace,
        environment: ObjectStore.environment)
      if signal == SIGTERM {
        try running.waitForErrors(containing: "following")
        // Whatever it has read by then is in the model, and the rest is read by the next.
        running.send(signal)
        #expect(try running.wait().status == 0)
      } else {
        try running.waitForErrors(containing: "published")
        running.send(signal)
        #expect(try running.wait().status == 128 + signal)
      }
    }
    #expect(try follow("ended", in: workspace).status == 0)
    #expect(try DMSFolder.bytes(of: "model", in: workspace) == wanted)
  }

  @Test func `a message that is older than what is known is passed over`() throws {
    let workspace = try SampleWorkspace.trained()
    try makeStream("late", in: workspace)
    try put(
      [
        #"{"user": "zoe", "item": 101, "rating": 5, "timestamp": 1000}"#,
        #"{"user": "zoe", "item": 101, "rating": 2, "timestamp": 2000}"#,
        #"{"user": "zoe", "item": 101, "rating": 5, "timestamp": 1000}"#,
      ], into: "late", in: workspace)
    let outcome = try follow("late", in: workspace)
    #expect(outcome.errors.contains("1 older than what is known"), "\(outcome.errors)")
    let explained = try GPUALSProgram.run(
      ["explain", "--model", "model", "--user", "zoe", "--item", "102"], in: workspace)
    #expect(explained.output.contains("101,2.0,"), "\(explained.output)\(explained.errors)")
  }

  @Test func `from the latest on it stays so, also after a restart`() throws {
    let workspace = try SampleWorkspace.trained()
    try makeStream("latest", shards: 2, in: workspace)
    try put([message("insert", "old", "101", 5), message("insert", "older", "101", 5)], into: "latest", in: workspace)
    sleep(2)
    let first = try follow("latest", "model", ["--stream-start", "latest"], in: workspace)
    #expect(first.status == 0, "\(first.errors)")
    // While nobody follows.
    try put((0..<8).map { message("insert", "new\($0)", "102", 4) }, into: "latest", in: workspace)
    for _ in 0..<2 { #expect(try follow("latest", "model", ["--stream-start", "latest"], in: workspace).status == 0) }
    let users = try workspace.read("model/users.txt").split(separator: "\n")
    #expect(!users.contains("old") && !users.contains("older"))
    for user in 0..<8 { #expect(users.contains("new\(user)"), "\(user)") }
  }

  @Test func `ids that Swift takes for equal are two`() throws {
    let workspace = try SampleWorkspace.trained()
    try makeStream("spelled", in: workspace)
    try put(
      ["e\u{301}", "\u{e9}"].map { #"{"user": "\#($0)", "item": 101, "rating": 5}"# }, into: "spelled", in: workspace)
    #expect(try follow("spelled", in: workspace).status == 0)
    let users = try workspace.readBytes("model/users.txt").split(separator: 10)
    #expect(users.contains(ArraySlice(Array("e\u{301}".utf8))) && users.contains(ArraySlice(Array("\u{e9}".utf8))))
  }

  @Test func `a stream that was made anew is noticed`() throws {
    let workspace = try SampleWorkspace.trained()
    try makeStream("anew", in: workspace)
    try put(messages[0], into: "anew", in: workspace)
    #expect(try follow("anew", in: workspace).status == 0)
    let json = try workspace.read("model/model.json")
    let number = try #require(
      try JSONValue(parsing: json)["updates"]?["streams"]?["anew"]?["shardId-000000000000"])
    guard case .text(let position) = number else { return }
    // As if the shard had been closed, in the stream before.
    try workspace.write(json.replacing("\"\(position)\"", with: "\"SHARD_END\""), to: "model/model.json")
    let outcome = try follow("anew", in: workspace)
    #expect(outcome.status == 74 && outcome.errors.contains("--restart-stream"), "\(outcome.errors)")
    #expect(try follow("anew", "model", ["--restart-stream"], in: workspace).status == 0)
  }

  @Test(arguments: [
    (["--kinesis", "missing"], Int32(66), "no such stream"), (["--kinesis", "s", "--changes", "d"], 64, "choose one"),
    (["changes.tsv", "--stop-when-idle", "3"], 64, "--kinesis alone"),
  ])
  func `what cannot be followed is told`(_ arguments: [String], _ status: Int32, _ says: String) throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try GPUALSProgram.run(
      ["update", "--model", "model", "--device", "reference"] + arguments, in: workspace,
      environment: ObjectStore.environment)
    #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
  }
}
