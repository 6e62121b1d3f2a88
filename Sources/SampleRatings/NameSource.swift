import ALS

/// Makes one genre's artist names, one after another, never the same twice.
struct NameSource {
  /// A template cut into its parts: each is a list to take one entry of.
  private struct Form {
    let parts: [[String]]
    let count: Int
    /// The order of the names: the n-th is number (start + n · step) mod count, where step and count have no common divisor.
    let start: Int
    let step: Int
  }

  private let forms: [Form]
  private var taken: [Int]
  private var turn = 0
  private var round = 1

  /// The names of `genre`; another seed gives another order.
  init(genre: SampleGenre, philox: Philox) {
    var random = RandomStream(philox, .name, genre.index)
    let vocabulary = genre.vocabulary
    forms = vocabulary.forms.map { template in
      let parts = Self.parts(of: template, vocabulary)
      let count = parts.reduce(1) { $0 * $1.count }
      var step = 1 + random.below(count)
      while Self.greatestCommonDivisor(step, count) != 1 { step += 1 }
      return Form(parts: parts, count: count, start: random.below(count), step: step % count)
    }
    taken = [Int](repeating: 0, count: forms.count)
  }

  /// The next name. When the words are used up, they begin again with a number behind: "MC Lowell 2".
  mutating func next() -> String {
    // Forms take turns until they are used up: a catalogue shows all of them.
    for _ in forms.indices {
      let index = turn
      turn = (turn + 1) % forms.count
      let form = forms[index]
      if taken[index] < form.count {
        let place = (form.start + taken[index] * form.step) % form.count
        taken[index] += 1
        return round == 1 ? Self.name(form.parts, place) : "\(Self.name(form.parts, place)) \(round)"
      }
    }
    round += 1
    taken = [Int](repeating: 0, count: forms.count)
    return next()
  }

  private static func name(_ parts: [[String]], _ place: Int) -> String {
    var rest = place
    var name = ""
    for part in parts {
      name += part[rest % part.count]
      rest /= part.count
    }
    return name
  }

  /// The parts of a template: text between braces is the name of a list, other text a list of one.
  private static func parts(of template: String, _ vocabulary: GenreVocabulary) -> [[String]] {
    template.split(omittingEmptySubsequences: true) { $0 == "{" || $0 == "}" }.map { piece in
      let piece = String(piece)
      return vocabulary.lists[piece] ?? GenreVocabulary.shared[piece] ?? [piece]
    }
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
}
