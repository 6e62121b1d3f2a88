/// The finished rows of some consecutive listeners, as text, and what there is to tell of them.
struct RowBlock: Sendable {
  /// A listener with one favourite, and how well it shows.
  struct Example: Sendable {
    let listener: SampleSummary.Listener
    /// Mean rating within the favourite minus mean rating elsewhere, plus something for each other genre met.
    let clarity: Double
  }

  /// Lines of ratings.tsv.
  var text: [UInt8] = []
  /// What is counted, over these rows.
  var tally = Tally()

  /// Counts over rows, which add up.
  struct Tally: Sendable {
    var rows = 0
    var neverAgain = 0
    var notApplicable = 0
    var unknownArtist = 0
    /// By genre index: the best example.
    var examples = [Example?](repeating: nil, count: SampleGenre.allCases.count)

    /// Takes the example in if it shows more than the one at hand; of equals the first stays.
    mutating func offer(_ example: Example) {
      let genre = example.listener.genre.index
      if let known = examples[genre], known.clarity >= example.clarity { return }
      examples[genre] = example
    }

    /// Adds the counts of later rows.
    mutating func add(_ later: Tally) {
      rows += later.rows
      neverAgain += later.neverAgain
      notApplicable += later.notApplicable
      unknownArtist += later.unknownArtist
      for case let example? in later.examples { offer(example) }
    }
  }
}
