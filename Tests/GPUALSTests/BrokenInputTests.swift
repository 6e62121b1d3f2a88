import Testing

/// What users get wrong, each with its exit code and a message that says what, where and how to mend it.
@Suite struct `Broken input` {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: [UInt8]] = [:]
    var arguments: [String]
    var status: Int32
    /// Pieces of the message.
    var says: [String]
    var environment: [String: String] = [:]

    var testDescription: String { name }

    init(
      _ name: String, _ text: String? = nil, files: [String: [UInt8]] = [:], train more: [String] = [],
      arguments: [String]? = nil, status: Int32, says: [String], environment: [String: String] = [:]
    ) {
      self.name = name
      self.files = files
      if let text { self.files["r.tsv"] = Array(text.utf8) }
      let device = more.contains("--device") ? [] : ["--device", "reference"]
      self.arguments =
        arguments ?? ["train", "r.tsv", "--model", "model", "--rank", "2", "--iterations", "2"] + device + more
      self.status = status
      self.says = says
      self.environment = environment
    }
  }

  static let good = "1\t10\t5\n1\t11\t3\n2\t10\t4\n2\t12\t1\n3\t11\t2\n3\t12\t5\n"
  static let goodFile = ["r.tsv": Array(good.utf8)]

  /// `good`, compressed by gzip, and cut off before its end.
  static let truncatedGzip: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x33, 0xe4, 0x34, 0x34, 0xe0, 0x34, 0xe5, 0x32,
  ]

  static let data: [Case] = [
    Case("too few columns", "1\t10\t5\n2\t10\n", status: 65, says: ["r.tsv:2", "column"]),
    Case("text for a number", "1\t10\t5\n2\t10\tabc\n", status: 65, says: ["r.tsv:2", "number", "abc"]),
    Case("NaN", "1\t10\t5\n2\t10\tNaN\n", status: 65, says: ["r.tsv:2"]),
    Case("an infinity", "1\t10\t5\n2\t10\tinf\n", status: 65, says: ["r.tsv:2"]),
    Case("a rating beyond 32 bits", "1\t10\t5\n2\t10\t1e60\n", status: 65, says: ["r.tsv:2"]),
    Case("an empty id", "1\t10\t5\n\t10\t4\n", status: 65, says: ["r.tsv:2", "id"]),
    Case("an empty file", "", status: 65, says: ["r.tsv", "no ratings"]),
    Case("one column only", "1\n2\n3\n", status: 65, says: ["r.tsv"]),
    Case(
      "a binary file", files: ["r.tsv": [0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 0, 10, 0, 0]], status: 65, says: ["r.tsv"]),
    Case(
      "truncated gzip", files: ["r.tsv.gz": truncatedGzip],
      arguments: ["train", "r.tsv.gz", "--model", "model", "--device", "reference"], status: 65,
      says: ["r.tsv.gz", "too early"]),
    Case(
      "gzip that is not",
      files: ["r.tsv.gz": [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
      arguments: ["train", "r.tsv.gz", "--model", "model", "--device", "reference"], status: 65, says: ["r.tsv.gz"]),
    Case("a missing file", status: 66, says: ["r.tsv", "no such file"]),
    Case(
      "a directory without ratings", files: ["empty/.hidden": []],
      arguments: ["train", "empty", "--model", "model", "--device", "reference"], status: 66, says: ["empty"]),
    Case("a column that is not there", good, train: ["--columns", "1,2,7"], status: 65, says: ["r.tsv:1", "7"]),
    Case("a column name without a header", good, train: ["--columns", "who,what,stars"], status: 64, says: ["who"]),
    Case(
      "too many malformed rows to skip", good + "4\t12\tx\n", train: ["--on-error", "skip"], status: 65,
      says: ["r.tsv:7", "malformed"]),
    Case(
      "duplicates where none may be", good + "1\t10\t4\n", train: ["--duplicates", "error"], status: 65,
      says: ["user 1", "item 10", "--duplicates"]),
    Case(
      "every rating dropped", "1\t10\t255\n2\t10\t255\n", train: ["--dataset", "yahoo-r1"], status: 65,
      says: ["ratings"]),
    Case(
      "a test set of strangers", good, files: ["t.tsv": Array("77\t88\t5\n".utf8)], train: ["--test", "t.tsv"],
      status: 65,
      says: ["t.tsv", "known"]),
    Case("a missing test set", good, train: ["--test", "t.tsv"], status: 66, says: ["t.tsv"]),
    Case(
      "a malformed test set", good, files: ["t.tsv": Array("1\t10\t5\n1\t10\tx\n".utf8)], train: ["--test", "t.tsv"],
      status: 65, says: ["t.tsv:2"]),
    Case("missing item names", good, train: ["--item-names", "n.tsv"], status: 66, says: ["n.tsv"]),
    Case(
      "names in another encoding", good, files: ["n.tsv": [0x31, 0x30, 9, 0xe9, 10]],
      train: ["--item-names", "n.tsv", "--encoding", "utf-8"], status: 65, says: ["n.tsv:1", "--encoding"]),
    Case(
      "a singular problem", "1\t10\t5\n2\t11\t3\n", train: ["--regularization", "0"], status: 64,
      says: ["--regularization"]),
    Case("ratings from a place unknown", status: 64, says: ["ftp://bucket/x"]).asking([
      "train", "ftp://bucket/x", "--model", "model", "--device", "reference",
    ]),
  ]

  static let usage: [Case] = [
    Case("rank 0", good, train: ["--rank", "0"], status: 64, says: ["--rank", "at least 1"]),
    Case("an enormous rank", good, train: ["--rank", "100000"], status: 64, says: ["--rank", "at most"]),
    Case("a negative regularization", good, train: ["--regularization", "-1"], status: 64, says: ["--regularization"]),
    Case(
      "regularization that is no number", good, train: ["--regularization", "nan"], status: 64,
      says: ["--regularization"]),
    Case("no iterations", good, train: ["--iterations", "0"], status: 64, says: ["--iterations"]),
    Case("alpha without implicit", good, train: ["--alpha", "2"], status: 64, says: ["--alpha", "--implicit"]),
    Case("negative alpha", good, train: ["--implicit", "--alpha", "-2"], status: 64, says: ["--alpha"]),
    Case("a share of 1 held out", good, train: ["--holdout", "1"], status: 64, says: ["--holdout"]),
    Case(
      "both test and holdout", good, train: ["--holdout", "0.1", "--test", "r.tsv"], status: 64,
      says: ["--test", "--holdout"]),
    Case(
      "checkpoints every 0 iterations", good, train: ["--checkpoint-every", "0"], status: 64,
      says: ["--checkpoint-every"]),
    Case("an unknown option", good, train: ["--negative"], status: 64, says: ["--negative"]),
    Case("early stopping by nothing", good, train: ["--early-stopping", "3"], status: 64, says: ["--early-stopping"]),
    Case(
      "a patience of 0", good, train: ["--early-stopping", "0", "--holdout", "0.5"], status: 64,
      says: ["--early-stopping"]),
    Case("an initial norm of 0", good, train: ["--initial-norm", "0"], status: 64, says: ["--initial-norm"]),
    Case("an unknown side", good, train: ["--first", "both"], status: 64, says: ["--first"]),
    Case("an unknown format", good, train: ["--format", "xml"], status: 64, says: ["--format", "xml"]),
    Case(
      "an unknown policy for duplicates", good, train: ["--duplicates", "first"], status: 64, says: ["--duplicates"]),
    Case(
      "a rating map that maps nothing", good, train: ["--rating-map", "255"], status: 64,
      says: ["--rating-map", "255=drop"]),
    Case("columns that repeat", good, train: ["--columns", "1,1,2"], status: 64, says: ["--columns"]),
    Case("a device that is no number", good, train: ["--device", "fast"], status: 64, says: ["--device"]),
    Case(
      "a kernel family for the reference", good, train: ["--kernel-family", "gpu"], status: 64,
      says: ["--kernel-family"]),
    Case("an encoding without names", good, train: ["--encoding", "utf-8"], status: 64, says: ["--item-names"]),
    Case("standard input twice", good, status: 64, says: ["Standard input"]).asking([
      "train", "-", "-", "--model", "model",
    ]),
    Case("no ratings named", good, status: 64, says: ["RATINGS"]).asking(["train", "--model", "model"]),
    Case("no model named", good, status: 64, says: ["--model"]).asking(["train", "r.tsv"]),
    Case("an unknown command", good, status: 64, says: ["trian", "gpuals train"]).asking(["trian", "r.tsv"]),
    Case("generate without a size", status: 64, says: ["--preset"]).asking(["generate", "--output", "model"]),
    Case("generate an impossible shape", status: 64, says: ["ratings"]).asking([
      "generate", "--users", "10", "--items", "10", "--ratings", "1000", "--output", "model",
    ]),
    Case("an unknown preset", status: 64, says: ["--preset", "huge"]).asking([
      "generate", "--preset", "huge", "--output", "model",
    ]),
  ]

  static let places: [Case] = [
    Case(
      "a file where the model should go", files: goodFile.merging(["model": [1]]) { $1 }, status: 73, says: ["model"]),
    Case(
      "other files where the model should go", files: goodFile.merging(["model/thesis.txt": [1]]) { $1 }, status: 73,
      says: ["model", "new or empty"]),
    Case("a model below a file", good, status: 73, says: ["r.tsv"]).asking([
      "train", "r.tsv", "--model", "r.tsv/model", "--device", "reference",
    ]),
    Case("a model in a place that cannot be written", good, status: 73, says: ["/proc/model"]).asking([
      "train", "r.tsv", "--model", "/proc/model", "--device", "reference",
    ]),
    Case("a sample below a file", good, status: 73, says: ["r.tsv"]).asking([
      "generate", "--preset", "tiny", "--output", "r.tsv/sample",
    ]),
    Case(
      "no OpenCL library", good, train: ["--device", "auto"], status: 69,
      says: ["apt-get install ocl-icd-libopencl1 pocl-opencl-icd", "--device reference"],
      environment: ["GPUALS_OPENCL_LIBRARY": "/nonexistent/libOpenCL.so"]),
  ]

  @Test(arguments: data) func `in the data stops training`(_ broken: Case) throws { try check(broken) }

  @Test(arguments: usage) func `in the options is wrong usage`(_ broken: Case) throws { try check(broken) }

  @Test(arguments: places) func `in the surroundings is told before anything is read`(_ broken: Case) throws {
    try check(broken)
  }

  private func check(_ broken: Case) throws {
    let workspace = try Workspace()
    for (name, bytes) in broken.files { try workspace.write(bytes, to: name) }
    let before = workspace.entries()
    let outcome = try GPUALSProgram.run(broken.arguments, in: workspace, environment: broken.environment)
    #expect(outcome.status == broken.status, "\(outcome.errors)")
    let message = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("gpuals: error: ") }
    #expect(message.count == 1, "\(outcome.errors)")
    for piece in broken.says { #expect(outcome.errors.contains(piece), "\(outcome.errors)") }
    #expect(outcome.output.isEmpty)
    #expect(workspace.entries() == before, "something half-written is left")
  }
}

extension `Broken input`.Case {
  /// The same with other arguments.
  func asking(_ arguments: [String]) -> Self {
    var copy = self
    copy.arguments = arguments
    return copy
  }
}
