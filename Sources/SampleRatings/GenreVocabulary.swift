/// The words that one genre's artist names are made of.
struct GenreVocabulary: Sendable {
  /// Words that no name of another genre holds, in lower case: they are how a name tells its genre.
  let markers: Set<String>
  /// Templates such as `{first} {surname} {group}`: words in braces stand for one word of a list.
  let forms: [String]
  /// The genre's own lists. Every template holds a marker, in its text or in a list all of whose entries hold one.
  let lists: [String: [String]]

  /// Lists that all genres share, free of any genre's markers.
  static let shared: [String: [String]] = [
    "first": words(
      """
      Ada Agnes Albert Alma Amos Anders Astrid August Beatrice Bruno Calvin Cecil Clara Clement Cora Cyrus Dahlia Dexter
      Edith Edwin Elias Ella Elmer Esther Eugene Fay Felix Flora Floyd Greta Gus Harriet Hazel Hector Henry Ida Iris Ivan
      Jasper Josephine Julius Kit Leona Leroy Lionel Loretta Louis Lucille Mabel Marcus Matilda Maxine Minnie Moses Nadia
      Nell Nora Olive Oscar Otis Pearl Percy Ramona René Roscoe Rosalind Rufus Ruth Silas Sofia Stella Thelma Theo
      Ursula Vera Victor Viola Walter Wilma Zelda Zoë
      """),
    "surname": words(
      """
      Abbott Ackerman Albright Ashworth Atwood Bainbridge Barlow Baxter Beckett Bellamy Blackwell Boone Bradshaw Briggs
      Broussard Burgess Caldwell Callahan Carmichael Carver Chandler Claiborne Coleridge Crawford Crenshaw Cullen Dalton
      Delacroix Dempsey Desmond Donnelly Drummond Eastwick Ellington-Smythe Emerson Fairbanks Farrow Finch Fitzgerald
      Fontaine Forsythe Gallagher Galloway Garland Gentry Goodwin Granger Greer Hadley Hargrove Harlan Hawthorne Hendricks
      Hollis Holloway Huxley Ingram Jansen Jennings Kendrick Kessler Kincaid Lachance Lambert Langley Larkin Lassiter
      Lavender Ledoux Lindqvist Lockhart Lowell Maddox Marlowe McAllister McBride McKenna Mercer Merriweather Monroe
      Montgomery Mortimer Müller Nash Nightingale O'Brien O'Connor O'Malley Ogden Osgood Overton Palmer Pemberton Pettigrew
      Pickett Prescott Quimby Quinn Radcliffe Rasmussen Redmond Rhodes Rosewater Rutherford Sawyer Sheffield Sinclair
      Sjöberg Sommers Stanton Sterling Sullivan Swanson Talbot Tate Thackeray Thibodeaux Thornton Tillman Treadwell
      Underhill Valentine Vance Vaughn Wainwright Wakefield Walcott Washburn Weatherby Webster Whitaker Whitfield Wilder
      Winslow Winthrop Wolcott Woodruff Wyatt Yates York Zimmer
      """),
    "place": words(
      """
      Aberdeen Amsterdam Antwerp Asheville Baltimore Basel Belfast Bergen Bilbao Bordeaux Boston Brighton Bristol Budapest
      Calgary Cardiff Chicago Cincinnati Cleveland Cologne Copenhagen Cork Dallas Denver Dresden Dublin Durham Edinburgh
      Florence Geneva Genoa Ghent Glasgow Göteborg Halifax Hamburg Helsinki Houston Kyoto Leeds Leipzig Lisbon
      Liverpool Lyon Malmö Manchester Marseille Memphis Milwaukee Minneapolis Montréal Munich Newcastle Norfolk Oslo Ottawa
      Oxford Philadelphia Pittsburgh Portland Prague Richmond Rotterdam Salzburg Savannah Seattle Stockholm Tampere Toledo
      Toronto Trieste Turin Utrecht Vancouver Vienna Warsaw Zürich
      """),
    "thing": words(
      """
      Almanac Anchor Apple Arrow Avenue Balcony Barrel Basement Beacon Bicycle Bonfire Bottle Boulevard Bridge Button
      Candle Canyon Carousel Castle Cathedral Cellar Chapel Circus Clock Clover Coast Compass Cottage Crown Daylight
      Diamond Dragon Eagle Echo Ember Engine Falcon Feather Ferry Fountain Fox Gallery Garden Ghost Giant Glacier Hammer
      Harbour Horizon Island Jacket Jewel Junction Kingdom Kite Ladder Lantern Letter Lighthouse Lion Locket Machine
      Magnet Mansion Marble Market Meadow Mirror Monument Mountain Needle Ocean Orchard Palace Paper Parade Pilot Planet
      Pocket Radar Raven Ribbon River Rocket Saddle Sailor Satellite Shadow Signal Sparrow Station Statue Summer Sunday
      Tiger Tower Trumpet Tunnel Umbrella Valley Velvet Village Violet Wagon Whisper Window Winter Wolf Zephyr
      """),
  ]

  /// The words of a text, at white space.
  static func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }

  /// The entries of a text, at commas.
  static func entries(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
  }

  /// For tables: markers at white space, lists as comma-separated text.
  init(markers: String, forms: [String], lists: [String: String]) {
    self.markers = Set(Self.words(markers))
    self.forms = forms
    self.lists = lists.mapValues(Self.entries)
  }
}
