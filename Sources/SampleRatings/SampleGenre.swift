/// The genres of the sample. Every artist has one that shows in the artist's name: see ``genre(ofName:)``.
public enum SampleGenre: String, Sendable, CaseIterable, Codable {
  case jazz = "Jazz"
  case blues = "Blues"
  case metal = "Metal"
  case hipHop = "Hip-Hop"
  case country = "Country"
  case classical = "Classical"
  case electronic = "Electronic"
  case reggae = "Reggae"
  case folk = "Folk"
  case punk = "Punk"
  case soul = "Soul"
  case latin = "Latin"
  case indie = "Indie"
  case ambient = "Ambient"
  case pop = "Pop"
  case rock = "Rock"

  /// Position in `allCases`, 0 … 15.
  var index: Int { Self.order.firstIndex(of: self) ?? 0 }

  private static let order = allCases

  /// Share of artists, and of listeners' first favourites, in per cent.
  var share: Double {
    switch self {
    case .rock, .pop: 10
    case .hipHop, .electronic, .metal: 8
    case .jazz, .country, .soul, .indie: 6
    case .blues, .classical, .punk, .latin, .folk: 5
    case .reggae: 4
    case .ambient: 3
    }
  }

  /// The genres that its listeners often like as well.
  var relatives: [SampleGenre] { Self.relatives[index] }

  private static let relatives = order.map { genre in
    kinships.compactMap { $0.0 == genre ? $0.1 : $0.1 == genre ? $0.0 : nil }
  }

  private static let kinships: [(SampleGenre, SampleGenre)] = [
    (.jazz, .blues), (.jazz, .soul), (.jazz, .latin), (.blues, .soul), (.blues, .rock), (.metal, .rock),
    (.metal, .punk),
    (.hipHop, .soul), (.hipHop, .electronic), (.country, .folk), (.country, .blues), (.classical, .ambient),
    (.electronic, .ambient), (.electronic, .pop), (.reggae, .latin), (.reggae, .hipHop), (.folk, .indie),
    (.punk, .rock),
    (.soul, .pop), (.latin, .pop), (.indie, .rock), (.indie, .pop),
  ]
}
