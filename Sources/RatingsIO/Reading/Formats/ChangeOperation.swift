/// What a row of changes does to a pair of user and item.
enum ChangeOperation {
  /// The pair has this rating from here on, whether or not it had one.
  case upsert
  /// The pair has no rating from here on.
  case delete

  /// The operations of CSV files, for messages.
  static let letters = "I, U or D"
  /// Those of messages, for messages.
  static let words = "load, insert, update or delete"

  /// The one of a letter as DMS writes it into CSV files.
  @inline(__always)
  init?(letter field: Field) {
    guard field.count == 1 else { return nil }
    switch field.start[0] {
    case UInt8(ascii: "I"), UInt8(ascii: "U"): self = .upsert
    case UInt8(ascii: "D"): self = .delete
    default: return nil
    }
  }

  /// The one of a word as DMS writes it into messages.
  init?(word: String) {
    switch word {
    case "load", "insert", "update": self = .upsert
    case "delete": self = .delete
    default: return nil
    }
  }
}
