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

  @Option(
    help: ArgumentHelp(
      "Hold out the latest ratings: this share of them, such as 0.1, or those from a time on, such as 2011-04-30. Times stand in a column of that name or the fourth, or --columns says where.",
      valueName: "SHARE|TIME"),
    transform: { try TimeSplit(parsing: $0) })
  var splitByTime: TimeSplit?

  /// Whether anything is held out.
  var isGiven: Bool { test != nil || holdout != nil || splitByTime != nil }

  /// Refuses to read standard input more than once.
  func check(ratings: [String], others: [String?]) throws {
    if splitByTime != nil, ratings.contains("-") {
      throw ValidationError("--split-by-time reads the ratings more than once, and standard input (-) comes only once.")
    }
    let inputs = ratings + ([test] + others).compactMap { $0 }
    if inputs.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  func validate() throws {
    if [test != nil, holdout != nil, splitByTime != nil].count(where: { $0 }) > 1 {
      throw ValidationError(
        "--test, --holdout and --split-by-time exclude each other: the error is measured on one set of ratings.")
    }
    if let holdout, !(holdout > 0 && holdout < 1) {
      throw ValidationError("--holdout is \(holdout), but must be a share between 0 and 1, such as 0.1.")
    }
  }
}
