/// Lets negative numbers follow options: `--drop-items -100,-99`, `--item -99`.
///
/// The argument parser takes any word that begins with a dash for an option. No option of gpuals begins with a digit, so a
/// dash before a digit begins a value of the option before it, and `--option=value` says so unmistakably.
enum NegativeValues {
  /// The arguments with negative numbers attached to their options.
  static func attached(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var option: String?
    for (position, argument) in arguments.enumerated() {
      if argument == "--" { return result + arguments[position...] }
      if isNegativeNumber(argument), let name = option {
        if result.last == name { result.removeLast() }
        result.append("\(name)=\(argument)")
        continue
      }
      if argument.utf8.count > 1, argument.hasPrefix("-") {
        option = argument.contains("=") ? nil : argument
      }
      result.append(argument)
    }
    return result
  }

  private static func isNegativeNumber(_ argument: String) -> Bool {
    let bytes = Array(argument.utf8.prefix(3))
    guard bytes.count >= 2, bytes[0] == UInt8(ascii: "-") else { return false }
    func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    return isDigit(bytes[1]) || (bytes.count == 3 && bytes[1] == UInt8(ascii: ".") && isDigit(bytes[2]))
  }
}
