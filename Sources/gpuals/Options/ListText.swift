/// Lists as options take them: parts between commas.
enum ListText {
  /// The parts without the spaces around them; empty ones are left out.
  static func parts(of text: String) -> [String] {
    text.split(separator: ",").map { part in
      var part = part.drop { $0 == " " }
      while part.last == " " { part.removeLast() }
      return String(part)
    }
    .filter { !$0.isEmpty }
  }
}
