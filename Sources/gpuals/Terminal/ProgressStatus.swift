/// How far a piece of work has come.
struct ProgressStatus {
  /// What is being done: "reading".
  var label: String
  /// From 0 to 1, where it is known.
  var fraction: Double?
  /// What else to say, the most important first: the last are left out where the terminal is narrow.
  var details: [String]

  /// One line of at most `width` columns.
  func line(width: Int) -> String {
    var bar = ""
    var kept = details
    func assembled() -> String {
      ([label] + (bar.isEmpty ? [] : [bar]) + kept).joined(separator: "  ")
    }
    if let fraction {
      let percent = "\(Int(max(0, min(1, fraction)) * 100))%"
      let suffix = String(repeating: " ", count: 5 - percent.count) + percent
      bar = Self.bar(fraction, width: 10) + suffix
      while !kept.isEmpty, DisplayWidth.of(assembled()) > width { kept.removeLast() }
      let room = max(0, min(20, width - DisplayWidth.of(assembled())))
      bar = Self.bar(fraction, width: 10 + room) + suffix
    }
    while !kept.isEmpty, DisplayWidth.of(assembled()) > width { kept.removeLast() }
    return String(assembled().prefix(max(0, width)))
  }

  /// A bar in steps of an eighth of a column.
  private static func bar(_ fraction: Double, width: Int) -> String {
    let eighths = Int(max(0, min(1, fraction)) * Double(width * 8))
    let partial: [String] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let filled = String(repeating: "█", count: eighths / 8) + partial[eighths % 8]
    return "▕" + filled + String(repeating: " ", count: width - DisplayWidth.of(filled)) + "▏"
  }
}
