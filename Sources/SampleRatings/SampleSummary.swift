/// What a ``SampleGenerator`` has written.
public struct SampleSummary: Sendable, Equatable, Codable {
  /// A listener who clearly likes one genre, to show recommendations for.
  public struct Listener: Sendable, Equatable, Codable {
    /// The one favourite.
    public let genre: SampleGenre
    /// The listener's id in ratings.tsv.
    public let userID: Int
    /// The listener's number of rows.
    public let ratings: Int
  }

  /// The counts asked for.
  public let shape: SampleShape
  /// The seed asked for.
  public let seed: UInt64
  /// Path of the ratings: `user TAB artist TAB rating`, no header, by user and artist.
  public let ratingsPath: String
  /// Path of the names: `artist TAB name`, no header, UTF-8, no quoting.
  public let artistsPath: String
  /// Size of the ratings file in bytes.
  public let ratingsBytes: Int
  /// Size of the names file in bytes.
  public let artistsBytes: Int
  /// Number of rows with the rating 255, "never play again".
  public let neverAgainCount: Int
  /// Number of rows of artist −100, "Not Applicable".
  public let notApplicableCount: Int
  /// Number of rows of artist −99, "Unknown Artist".
  public let unknownArtistCount: Int
  /// One listener per genre, in the order of `SampleGenre.allCases`; small samples may lack some.
  public let listeners: [Listener]

  /// The id of a listener with that one favourite and 20 ratings or more; nil where the sample has none.
  public func exampleListener(genre: SampleGenre) -> Int? {
    listeners.first { $0.genre == genre }?.userID
  }
}
