import SampleRatings
import Testing

@Suite struct `the artists' names` {
  @Test func `no word marks two genres`() {
    let markers = SampleGenre.allCases.flatMap { $0.markers.map { $0 } }
    #expect(Set(markers).count == markers.count)
  }

  @Test func `98,211 names are distinct, and each tells one genre`() throws {
    let sample = try GeneratedSample(SampleShape(users: 100, items: 98_211, ratings: 100))
    let artists = sample.names.filter { $0.key > 0 }
    #expect(artists.count == 98_211)
    #expect(Set(artists.values).count == 98_211)
    let unreadable = artists.values.filter { SampleGenre.genre(ofName: $0) == nil }
    #expect(unreadable.isEmpty, "such as \(unreadable.prefix(3))")
    // A name of one genre with a word of another would be misread: then a genre's share would be off.
    let counts = artists.values.reduce(into: [SampleGenre: Int]()) { counts, name in
      if let genre = SampleGenre.genre(ofName: name) { counts[genre, default: 0] += 1 }
    }
    #expect(counts.count == SampleGenre.allCases.count)
    #expect(counts[.jazz].map { abs($0 - 5_893) <= 2 } == true)
    #expect(counts[.ambient].map { abs($0 - 2_946) <= 2 } == true)
  }

  @Test func `names hold the traps of R1: bare quotes, apostrophes and accents`() throws {
    let names = try GeneratedSample.tiny.get().names
    #expect(names[-100] == "Not Applicable")
    #expect(names[-99] == "Unknown Artist")
    #expect(names.values.contains { $0.contains("\"") })
    #expect(names.values.contains { $0.hasPrefix("'") })
    #expect(names.values.contains { $0.unicodeScalars.contains { $0.value > 127 } })
  }

  @Test func `names can be written in Windows-1252`() throws {
    let names = try GeneratedSample.medium.get().names
    let scalars = names.values.flatMap { $0.unicodeScalars.map(\.value) }
    #expect(scalars.allSatisfy { (0x20..<0x7F).contains($0) || (0xA0...0xFF).contains($0) })
  }

  @Test(arguments: [
    ("The Blue Note Quartet", SampleGenre.jazz), ("Iron Lantern", .metal), ("MC Lowell", .hipHop),
    ("Vienna Philharmonic", .classical), ("Blind Otis Tate", .blues), ("DJ Quinn", .electronic),
  ])
  func `the genre is read from a name`(name: String, genre: SampleGenre) {
    #expect(SampleGenre.genre(ofName: name) == genre)
  }

  @Test func `a name without a marker tells nothing`() {
    #expect(SampleGenre.genre(ofName: "Unknown Artist") == nil)
    #expect(SampleGenre.genre(ofName: "") == nil)
  }
}
