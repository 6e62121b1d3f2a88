import ArgumentParser

/// `--test` or `--holdout`.
struct TestingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Ratings to measure the error on after every iteration.", valueName: "FILE"))
  var test: String?

  @Option(
    help: ArgumentHelp(
      "Hold out this share of the ratings, such as 0.1, to measure the error on after every iteration.",
      valueName: "SHARE"))
  var holdout: Double?

  func validate() throws {
    if test != nil, holdout != nil {
      throw ValidationError("--test and --holdout exclude each other: the error is measured on one set of ratings.")
    }
    if let holdout, !(holdout > 0 && holdout < 1) {
      throw ValidationError("--holdout is \(holdout), but must be a share between 0 and 1, such as 0.1.")
    }
  }
}
