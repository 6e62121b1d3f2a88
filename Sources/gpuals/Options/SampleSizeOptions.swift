import ArgumentParser
import SampleRatings

/// The numbers that take the place of a preset's.
struct SampleSizeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Number of users, in place of the preset's.", valueName: "N"))
  var users: Int?

  @Option(help: ArgumentHelp("Number of items, in place of the preset's.", valueName: "N"))
  var items: Int?

  @Option(help: ArgumentHelp("Number of ratings, in place of the preset's.", valueName: "N"))
  var ratings: Int?

  /// Whether none is given.
  var isEmpty: Bool { users == nil && items == nil && ratings == nil }

  /// Whether all are.
  var isComplete: Bool { users != nil && items != nil && ratings != nil }

  /// The shape of a sample.
  ///
  /// - Parameter base: what the numbers that are not given come from; without it all must be there.
  /// - Throws: `SampleError` if there can be no such sample.
  func shape(base: SampleShape?) throws -> SampleShape {
    try SampleShape(
      users: users ?? base?.users ?? 0, items: items ?? base?.items ?? 0, ratings: ratings ?? base?.ratings ?? 0)
  }
}
