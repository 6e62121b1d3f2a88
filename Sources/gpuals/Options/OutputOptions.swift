import ArgumentParser
import RatingsIO

/// Where a table of results goes.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write to a file instead of standard output; its ending says the form: .csv, .tsv, .jsonl, each also with .gz.",
      valueName: "FILE"))
  var output: String?

  @Flag(help: "Print an aligned table for people instead of CSV.")
  var table = false

  func validate() throws {
    if table, output != nil {
      throw ValidationError("--table is for the screen and --output for a file: give one of them.")
    }
  }

  /// The form of the file; CSV on standard output.
  ///
  /// - Throws: `ModelFileError.unknownEnding`.
  func form() throws -> TableForm {
    try output.map { try TableForm(path: $0) } ?? TableForm(.csv)
  }
}
