import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.serialized, .enabled(if: ObjectStore.isThere, "\(ObjectStore.absence)"))
struct `Places in S3` {
  private func run(
    _ arguments: [String], in workspace: Workspace, environment: [String: String] = [:]
  ) throws -> GPUALSProgram.Outcome {
    try GPUALSProgram.run(
      arguments, in: workspace, environment: ObjectStore.environment.merging(environment) { $1 })
  }

  private static let train = ["--device", "reference", "--rank", "3", "--iterations", "4", "--quiet"]

  /// A program `aws` that does something before, or in place of, what the real one does.
  private func client(_ script: String, in workspace: Workspace) throws -> [String: String] {
    try workspace.makeProgram("bin/aws", "#!/bin/sh\nPATH=\"\(ObjectStore.path)\"\n\(script)\nexec aws \"$@\"\n")
    return ["PATH": "\(workspace.file("bin")):\(ObjectStore.path)"]
  }

  @Test func `an object and many of them read as files do`() throws {
    let workspace = try SampleWorkspace.trained()
    let lines = SampleWorkspace.ratings.split(separator: "\n")
    var files = ["ratings.tsv": "all/ratings.tsv", "names.tsv": "names.tsv"]
    for part in 0..<5 {
      try workspace.write(
        lines.enumerated().filter { $0.offset % 5 == part }.map { $0.element + "\n" }.joined(), to: "part\(part).tsv")
      files["part\(part).tsv"] = "parts/day=\(part)/r [\(part % 2)].tsv".replacing(" [0]", with: "")
    }
    try workspace.write("not read", to: "hidden")
    files["hidden"] = "parts/_SUCCESS"
    try ObjectStore.bucket("reading", files: files, in: workspace)
    for place in ["s3://reading/all/ratings.tsv", "s3://reading/parts/", "s3://reading/parts"] {
      let outcome = try run(["train", place, "--model", "other"] + Self.train, in: workspace)
      #expect(outcome.status == 0, "\(place): \(outcome.errors)")
      for file in ["user_factors.npy", "item_factors.npy", "ratings.npz", "users.txt"] {
        #expect(try workspace.readBytes("other/\(file)") == workspace.readBytes("model/\(file)"), "\(place): \(file)")
      }
    }
    let named = try run(
      [
        "train", "s3://reading/all/ratings.tsv", "--item-names", "s3://reading/names.tsv", "--test",
        "s3://reading/all/",
        "--model", "other",
      ] + Self.train, in: workspace)
    #expect(named.status == 0, "\(named.errors)")
    #expect(try workspace.read("other/item_names.txt").contains("Étude"))
  }

  @Test func `models of Spark go there and come from there`() throws {
    let workspace = try SampleWorkspace.trained()
    try ObjectStore.bucket("sparks", files: ["ratings.tsv": "ratings.tsv"], in: workspace)
    let python = { (script: String) in
      try workspace.makeProgram("python", "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\n\(script)\n")
      return ["GPUALS_PYTHON": workspace.file("python")]
    }
    let model = "s3://sparks/models/one"
    #expect(try run(["train", "ratings.tsv", "--model", model] + Self.train, in: workspace).status == 0)
    let export = ["export", "--model", model, "--to", "spark", "--output", "s3://sparks/als/"]
    let packing = try python(
      """
      for part in metadata userFactors itemFactors; do mkdir -p "$2/$part"; touch "$2/$part/_SUCCESS"; done
      cp "$1"/*.npy "$1"/*.txt "$2/userFactors"
      """)
    let exported = try run(export, in: workspace, environment: packing)
    #expect(exported.status == 0, "\(exported.errors)")
    let listed = try ObjectStore.aws(["s3", "ls", "--recursive", "s3://sparks/als/"], in: workspace).output
    for name in ["metadata/_SUCCESS", "itemFactors/_SUCCESS", "userFactors/users.txt"] {
      #expect(listed.contains("als/\(name)"), "\(listed)")
    }
    let again = try run(export, in: workspace, environment: packing)
    #expect(again.status == 73 && again.errors.contains("holds objects already"), "\(again.errors)")

    let unpacking = try python(
      """
      cp "$1"/userFactors/*.npy "$1"/userFactors/*.txt "$2"
      echo '{"rank": 3, "users": 12, "items": 9, "spark_version": "4.0.1", "restored_ids": false}' > "$2/spark.json"
      """)
    let imported = try run(
      ["import", "--from", "spark", "s3://sparks/als", "--model", "copy"], in: workspace, environment: unpacking)
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(try workspace.readBytes("copy/user_factors.npy") == workspace.readBytes("model/user_factors.npy"))
    let failing = try python("echo \"$1 is damaged\" >&2; exit 65")
    let damaged = try run(
      ["import", "--from", "spark", "s3://sparks/als", "--model", "copy"], in: workspace, environment: failing)
    #expect(damaged.status == 65 && damaged.errors.contains("s3://sparks/als is damaged"), "\(damaged.errors)")
    let absent = try run(
      ["import", "--from", "spark", "s3://sparks/nothing", "--model", "other"], in: workspace, environment: unpacking)
    #expect(absent.status == 66, "\(absent.errors)")
  }

  @Test func `changes of DMS are read in the order in which they were committed`() throws {
    let workspace = try SampleWorkspace.trained()
    let files = try `Training on changes of DMS`.write(in: workspace)
    try ObjectStore.bucket("changes", files: files.mapValues { "dms/" + $0 }, in: workspace)
    let outcome = try run(
      ["train", "s3://changes/dms/", "--model", "other", "--rating-map", "255=drop"] + Self.train, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for file in `Training on changes of DMS`.parts {
      #expect(try workspace.readBytes("other/\(file)") == workspace.readBytes("model/\(file)"), "\(file)")
    }
  }

  @Test func `models and results go there and come back`() throws {
    let workspace = try SampleWorkspace.trained()
    try ObjectStore.bucket("writing", files: ["ratings.tsv": "ratings.tsv"], in: workspace)
    let place = "s3://writing/models/one"
    let train = try run(["train", "ratings.tsv", "--model", place] + Self.train, in: workspace)
    #expect(train.status == 0, "\(train.errors)")
    let there = try run(["recommend", "--model", place, "--all", "-n", "3"], in: workspace)
    let here = try run(["recommend", "--model", "model", "--all", "-n", "3"], in: workspace)
    #expect(there.status == 0 && there.output == here.output, "\(there.errors)")
    let output = try run(
      ["recommend", "--model", place, "--all", "-n", "3", "--output", "s3://writing/lists.csv"], in: workspace)
    #expect(output.status == 0, "\(output.errors)")
    #expect(try ObjectStore.aws(["s3", "cp", "s3://writing/lists.csv", "-"], in: workspace).output == here.output)
    // A model with names replaces one without, and the other way round.
    for more in [["--item-names", "names.tsv"], []] {
      let again = try run(
        ["train", "s3://writing/ratings.tsv", "--model", "\(place)/"] + Self.train + more, in: workspace)
      #expect(again.status == 0, "\(again.errors)")
      let objects = try ObjectStore.aws(["s3", "ls", "\(place)/"], in: workspace).output
      #expect(objects.contains("item_names.txt") == !more.isEmpty)
    }
    try workspace.write("nina\t105\t5\n", to: "changes.tsv")
    let update = try run(
      ["update", "changes.tsv", "--model", place, "--device", "reference", "--quiet"], in: workspace)
    #expect(update.status == 0, "\(update.errors)")
    #expect(try run(["recommend", "--model", place, "--user", "nina"], in: workspace).status == 0)
  }

  @Test func `a model whose files do not fit each other is not taken`() throws {
    let workspace = try SampleWorkspace.trained()
    try ObjectStore.bucket("torn", files: [:], in: workspace)
    #expect(try run(["train", "ratings.tsv", "--model", "s3://torn/m"] + Self.train, in: workspace).status == 0)
    // As while another model is being written: its factors are there, its record is not yet. They come once the first copy is made.
    #expect(
      try run(["train", "ratings.tsv", "--model", "other", "--seed", "2"] + Self.train, in: workspace).status == 0)
    try ObjectStore.aws(
      ["s3", "cp", "--only-show-errors", "other/user_factors.npy", "s3://torn/m/user_factors.npy"], in: workspace)
    let mending = try client(
      """
      if [ "$3" = --recursive ] && [ ! -e mended ]; then
        touch mended; aws "$@"; aws s3 cp --only-show-errors model/user_factors.npy s3://torn/m/user_factors.npy; exit 0
      fi
      """, in: workspace)
    let outcome = try run(
      ["recommend", "--model", "s3://torn/m", "--all", "-n", "3"], in: workspace, environment: mending)
    #expect(outcome.status == 0 && workspace.exists("mended"), "it waits until they fit: \(outcome.errors)")
    #expect(try run(["recommend", "--model", "model", "--all", "-n", "3"], in: workspace).output == outcome.output)
  }

  @Test(arguments: [false, true])
  func `a writer that is killed leaves the old model or the new one`(whileCopying: Bool) throws {
    let workspace = try SampleWorkspace.trained()
    let bucket = whileCopying ? "killed-copying" : "killed-writing"
    let place = "s3://\(bucket)/m"
    try ObjectStore.bucket(bucket, files: [:], in: workspace)
    let train = ["train", "ratings.tsv", "--model", place] + Self.train
    #expect(try run(train, in: workspace).status == 0)
    #expect(
      try GPUALSProgram.run(SampleWorkspace.train + ["--seed", "2", "--model", "other"], in: workspace).status == 0)
    // Either it has put the factors of one side over the old ones, or it has the new model only in part beside it.
    let dying = try client(
      whileCopying
        ? "case \"$*\" in *\".next/ s3://\"*) aws s3 cp --only-show-errors \(place)/.next/user_factors.npy"
          + " \(place)/user_factors.npy; kill -9 $PPID; exit 1;; esac"
        : "case \"$*\" in *\"/model.json s3://\"*) kill -9 $PPID; exit 1;; esac", in: workspace)
    let killed = try run(train + ["--seed", "2"], in: workspace, environment: dying)
    #expect(killed.status == 128 + SIGKILL, "\(killed.errors)")
    let lists = ["recommend", "--all", "-n", "3", "--model"]
    let there = try run(lists + [place], in: workspace)
    let here = try run(lists + [whileCopying ? "other" : "model"], in: workspace)
    #expect(there.status == 0 && there.output == here.output, "\(there.errors)")
    // The next writer goes on from there.
    try workspace.write("nina\t105\t5\n", to: "change.tsv")
    let update = try run(["update", "change.tsv", "--model", place, "--device", "reference"], in: workspace)
    #expect(update.status == 0, "\(update.errors)")
    let objects = try ObjectStore.aws(["s3", "ls", "--recursive", "s3://\(bucket)/"], in: workspace).output
    #expect(!objects.contains(".next") && objects.contains("baseline.npz"), "\(objects)")
    // A model that is trained anew has nothing of the updates of the old one.
    #expect(try run(train, in: workspace).status == 0)
    let again = try run(["update", "change.tsv", "--model", place, "--device", "reference"], in: workspace)
    let local = try run(["update", "change.tsv", "--model", "model", "--device", "reference"], in: workspace)
    #expect(again.status == 0 && local.status == 0)
    #expect(try run(lists + [place], in: workspace).output == run(lists + ["model"], in: workspace).output)
  }

  @Test func `a service takes up a newer model there`() throws {
    let workspace = try SampleWorkspace.make()
    try ObjectStore.bucket("served", files: [:], in: workspace)
    let train = ["train", "ratings.tsv", "--model", "s3://served/m"] + Self.train
    #expect(try run(train, in: workspace).status == 0)
    let service = try ServeProgram(
      ["--model", "s3://served/m", "--watch", "0.2"], in: workspace, environment: ObjectStore.environment)
    let before = try service.get("/v1/users/1/recommendations").body
    #expect(try service.get("/v1/model").body.contains("\"written\":\"20"))
    #expect(try run(train + ["--seed", "2"], in: workspace).status == 0)
    var generation: JSONValue?
    for _ in 0..<600 where generation != .number(2) {
      usleep(100_000)
      generation = try service.get("/healthz").json["generation"]
    }
    #expect(generation == .number(2))
    #expect(try service.get("/v1/users/1/recommendations").body != before)
    #expect(try service.stop().status == 0)
  }

  @Test func `a transfer that breaks goes on where it broke`() throws {
    let workspace = try SampleWorkspace.trained()
    try ObjectStore.bucket("breaking", files: ["ratings.tsv": "ratings.tsv"], in: workspace)
    let once = try client(
      """
      if [ "$2" = cp ] && [ ! -e broken ]; then touch broken; aws "$@" | head -c 300; exit 1; fi
      """, in: workspace)
    let mended = try run(
      ["train", "s3://breaking/ratings.tsv", "--model", "other"] + Self.train, in: workspace, environment: once)
    #expect(mended.status == 0, "\(mended.errors)")
    #expect(workspace.exists("broken"))
    #expect(try workspace.readBytes("other/ratings.npz") == workspace.readBytes("model/ratings.npz"))
    let always = try client(
      "if [ \"$2\" = cp ]; then aws \"$@\" | head -c 300; echo 'connection lost' >&2; exit 1; fi", in: workspace)
    let broken = try run(
      ["train", "s3://breaking/ratings.tsv", "--model", "third"] + Self.train, in: workspace, environment: always)
    #expect(broken.status == 74 && broken.errors.contains("only 300 of "), "\(broken.errors)")
    #expect(!workspace.exists("third"))
  }

  @Test func `an object that is replaced while it is read is not mixed`() throws {
    let workspace = try SampleWorkspace.trained()
    try ObjectStore.bucket("mixing", files: ["ratings.tsv": "ratings.tsv"], in: workspace)
    let environment = try client(
      """
      if [ "$2" = cp ] && [ ! -e broken ]; then
        touch broken; aws "$@" | head -c 300; aws s3 cp --only-show-errors names.tsv s3://mixing/ratings.tsv; exit 1
      fi
      """, in: workspace)
    let outcome = try run(
      ["train", "s3://mixing/ratings.tsv", "--model", "other"] + Self.train, in: workspace, environment: environment)
    #expect(outcome.status == 74 && outcome.errors.contains("was replaced while it was read"), "\(outcome.errors)")
  }

  @Test func `what is missing is told as what it is`() throws {
    let workspace = try SampleWorkspace.trained()
    try ObjectStore.bucket("telling", files: ["ratings.tsv": "other/file.txt"], in: workspace)
    func check(
      _ place: String, _ status: Int32, _ text: String, _ environment: [String: String] = [:],
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let outcome = try run(["inspect", place], in: workspace, environment: environment)
      #expect(outcome.status == status && outcome.errors.contains(text), "\(outcome)", sourceLocation: sourceLocation)
    }
    try check("s3://telling/none.tsv", 66, "no such object")
    try check("s3://no-such-bucket-here/x", 66, "no such bucket")
    try check("s3://", 64, "names no bucket")
    try check("s3://telling/other/", 69, "no program aws on the PATH", ["PATH": "/nowhere"])
    try check(
      "s3://telling/other/", 69, "no AWS credentials",
      ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": workspace.path])
    try check("s3://telling/other/", 69, "does not answer", ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"])
    try check("s3://telling/other/", 64, "profile \"nobody\"", ["AWS_PROFILE": "nobody"])
    let denying = try client(
      "echo 'An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied' >&2; exit 254",
      in: workspace)
    try check("s3://telling/other/", 66, "access is denied", denying)
    let model = try run(["similar", "--model", "s3://telling/other", "--item", "101"], in: workspace)
    #expect(model.status == 66 && model.errors.contains("not a gpuals model"), "\(model.errors)")
    let over = try run(["train", "ratings.tsv", "--model", "s3://telling/other"] + Self.train, in: workspace)
    #expect(over.status == 73 && over.errors.contains("would be replaced"), "\(over.errors)")
    let output = try run(
      ["recommend", "--model", "model", "--all", "--output", "s3://no-such-bucket-here/x.csv"], in: workspace)
    #expect(output.status != 0 && output.errors.contains("no such bucket"), "\(output.errors)")
  }
}
