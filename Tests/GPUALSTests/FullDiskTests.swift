import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file system in memory, nearly full, that only the commands of a test see: it needs no rights, and goes when they end.
enum FullDisk {
  /// Whether the system lets anybody have one.
  static let isPossible: Bool = {
    guard let workspace = try? Workspace() else { return false }
    let probe = "mkdir disk && mount -t tmpfs -o size=64k none disk && dd --version && truncate --version"
    guard let outcome = try? run(probe, in: workspace) else { return false }
    return outcome.status == 0
  }()

  /// Runs a script in a name space of its own.
  private static func run(_ script: String, arguments: [String] = [], in workspace: Workspace) throws
    -> GPUALSProgram.Outcome
  {
    guard access("/usr/bin/unshare", X_OK) == 0 else { throw RunningProgram.Failure(what: "there is no unshare") }
    return try RunningProgram(
      path: "/usr/bin/unshare", arguments: ["-Urm", "/bin/sh", "-c", script, "sh"] + arguments,
      directory: workspace.path, input: "", environment: [:]
    ).wait()
  }

  /// Runs gpuals beside a model on a disk with so many pages of 4 KiB free. The last line of the output says its status and whether
  /// the model is as it was and alone on the disk.
  static func gpuals(_ arguments: [String], freePages: Int, in workspace: Workspace) throws -> GPUALSProgram.Outcome {
    let script = """
      mkdir -p disk && mount -t tmpfs -o size=256k none disk && cp -r model disk/model || exit 99
      dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null
      truncate -s -$((4096 * \(freePages))) disk/filler
      "$@" >out 2>err
      status=$?
      cat err >&2
      rm disk/filler
      diff -r model disk/model >/dev/null && same=intact || same=changed
      echo "$status $same" $(ls -A disk)
      """
    return try run(script, arguments: [GPUALSProgram.path] + arguments, in: workspace)
  }
}

@Suite(
  .enabled(
    if: FullDisk.isPossible,
    "the system gives no file system of its own to those without rights (unshare -Urm), so a full disk is not tested"))
struct `On a full disk` {
  private static let commands: [[String]] = [
    ["train", "ratings.tsv", "--model", "disk/model", "--device", "reference", "--rank", "20", "--iterations", "2"],
    [
      "train", "ratings.tsv", "--model", "disk/model", "--device", "reference", "--rank", "20", "--iterations", "3",
      "--checkpoint-every", "1",
    ],
    ["tune", "ratings.tsv", "--model", "disk/model", "--device", "reference", "--rank", "2,20"],
    ["update", "changes.tsv", "--model", "disk/model", "--device", "reference"],
    ["recommend", "--model", "disk/model", "--all", "-n", "9", "--output", "disk/lists.jsonl"],
    ["recommend", "--model", "disk/model", "--all", "-n", "9", "--output", "disk/lists.csv.gz"],
    ["report", "--model", "disk/model", "--output", "disk/report.html"],
    ["export", "--model", "disk/model", "--to", "implicit", "--output", "disk/model.npz"],
  ]

  @Test(arguments: commands)
  func `the old model stays, and nothing half-written does`(command: [String]) throws {
    let workspace = try SampleWorkspace.trained()
    // Enough users that lists and factors take pages.
    try workspace.write(
      (1...400).map { "u\($0)\t\(101 + $0 % 8)\t\(1 + $0 % 5)\n" }.joined(), to: "changes.tsv")
    var statuses: [Int32] = []
    for freePages in [0, 1, 2, 3, 5, 8] {
      let outcome = try FullDisk.gpuals(command, freePages: freePages, in: workspace)
      let words = try #require(outcome.output.split(separator: "\n").last).split(separator: " ").map(String.init)
      let status = try #require(Int32(words[0]))
      statuses.append(status)
      if status == 0 { continue }
      #expect(status == 73 || status == 74, "\(freePages) pages: \(outcome.errors)")
      #expect(outcome.errors.contains("no space left"), "\(outcome.errors)")
      // A search that cannot save its model has its trials already; a checkpoint is a whole model too.
      let isCheckpoint = command.contains("--checkpoint-every")
      #expect(words[1] == "intact" || isCheckpoint, "\(freePages) pages: \(words)")
      #expect(words.dropFirst(2).allSatisfy { $0 == "model" || $0 == "model.trials.json" }, "\(words)")
    }
    #expect(statuses[0] == 73 || statuses[0] == 74, "a full disk takes nothing")
  }
}
