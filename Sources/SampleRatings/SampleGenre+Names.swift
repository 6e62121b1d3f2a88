extension SampleGenre {
  /// Words, in lower case, that stand in this genre's artist names and in no other's: "quartet" is jazz, "iron" is metal,
  /// "philharmonic" is classical.
  public var markers: Set<String> { vocabulary.markers }

  /// The genre that an artist's name tells, or nil if it tells none.
  ///
  /// The rule: every name made by ``SampleGenerator`` holds one or more ``markers`` of its genre and none of another's. A
  /// name is cut at everything but letters, digits, hyphens, apostrophes and ampersands, without regard to case. O(length).
  public static func genre(ofName name: String) -> SampleGenre? {
    for word in words(of: name) {
      if let genre = genres[word] { return genre }
    }
    return nil
  }

  /// The words of a name as ``markers`` spells them.
  static func words(of name: String) -> [String] {
    name.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "'" || $0 == "&") }.map(String.init)
  }

  private static let genres: [String: SampleGenre] = {
    var genres: [String: SampleGenre] = [:]
    for genre in allCases {
      for marker in genre.markers { genres[marker] = genre }
    }
    return genres
  }()

  /// What its names are made of.
  var vocabulary: GenreVocabulary {
    switch self {
    case .jazz: .jazz
    case .blues: .blues
    case .metal: .metal
    case .hipHop: .hipHop
    case .country: .country
    case .classical: .classical
    case .electronic: .electronic
    case .reggae: .reggae
    case .folk: .folk
    case .punk: .punk
    case .soul: .soul
    case .latin: .latin
    case .indie: .indie
    case .ambient: .ambient
    case .pop: .pop
    case .rock: .rock
    }
  }
}
