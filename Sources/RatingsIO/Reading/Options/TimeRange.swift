/// Times of ratings, for reading only those within it.
///
/// A time is a number as it stands in the column, such as seconds since 1970, or the seconds since 1970 of a date like
/// `2011-04-30 23:59:59.5`, in UTC unless it names another offset.
public struct TimeRange: Sendable, Hashable {
  /// The first time within.
  public var start: Double
  /// The first time beyond.
  public var end: Double

  /// Everything before a time.
  public static func before(_ time: Double) -> TimeRange { TimeRange(start: -.infinity, end: time) }

  /// Everything from a time on.
  public static func from(_ time: Double) -> TimeRange { TimeRange(start: time, end: .infinity) }

  /// Whether a time is within.
  func contains(_ time: Double) -> Bool { start <= time && time < end }

  /// A time as text: a number, or a date with or without the time of day; `nil` where it is none.
  public static func time(of text: String) -> Double? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { TimeParser.time(Field(start: $0, count: bytes.count)) }
    }
  }
}
