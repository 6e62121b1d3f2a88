/// An id in JSON: a text, or a whole number, which stands for its digits.
struct IDValue: Decodable, Sendable {
  /// The id.
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self.text = text
    } else if let number = try? container.decode(Int64.self) {
      text = String(number)
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "an id must be a text or a whole number")
    }
  }
}
