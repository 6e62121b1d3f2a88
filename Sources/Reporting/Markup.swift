/// Text in HTML and SVG.
enum Markup {
  /// The text with what has a meaning in markup written as it is read. What XML knows no character for is left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      default:
        if scalar.value < 0x20 || scalar.value == 0x7f || scalar.value == 0xfffe || scalar.value == 0xffff { continue }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate: two decimals are finer than a screen.
  static func number(_ value: Double) -> String {
    let hundredths = (value * 100).rounded()
    guard hundredths.isFinite, hundredths.magnitude < 1e12 else { return "0" }
    let whole = Int(hundredths)
    if whole % 100 == 0 { return "\(whole / 100)" }
    let digits = "\(whole.magnitude % 100)"
    let decimals = digits.count == 1 ? "0\(digits)" : digits
    return
      "\(whole < 0 ? "-" : "")\(whole.magnitude / 100).\(decimals.hasSuffix("0") ? String(decimals.prefix(1)) : decimals)"
  }
}
