/// Text without what a searcher does not care for: case, and the diacritics of the Latin letters of Europe.
enum FoldedText {
  /// Appends the folded UTF-8 of a text.
  static func append(_ text: String, to output: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      if scalar.value < 0x80 {
        let byte = UInt8(scalar.value)
        output.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
      } else if let base = bases[scalar] {
        output.append(contentsOf: base.utf8)
      } else if !(0x300...0x36F).contains(scalar.value) {
        // Combining marks fall away: "é" may be written as two.
        output.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      }
    }
  }

  private static let bases: [Unicode.Scalar: String] = {
    let letters: [(String, String)] = [
      ("ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎ", "a"), ("ÇçĆćĈĉĊċČč", "c"), ("ĎďĐđÐð", "d"), ("ÈÉÊËèéêëĒēĔĕĖėĘęĚě", "e"),
      ("ĜĝĞğĠġĢģ", "g"), ("ĤĥĦħ", "h"), ("ÌÍÎÏìíîïĨĩĪīĬĭĮįİı", "i"), ("Ĵĵ", "j"), ("Ķķ", "k"), ("ĹĺĻļĽľĿŀŁł", "l"),
      ("ÑñŃńŅņŇň", "n"), ("ÒÓÔÕÖØòóôõöøŌōŎŏŐőǑǒ", "o"), ("ŔŕŖŗŘř", "r"), ("ŚśŜŝŞşŠšȘș", "s"), ("ŢţŤťŦŧȚț", "t"),
      ("ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųǓǔ", "u"), ("Ŵŵ", "w"), ("ÝýÿŶŷŸ", "y"), ("ŹźŻżŽž", "z"), ("ßẞ", "ss"), ("Ææ", "ae"),
      ("Œœ", "oe"), ("Þþ", "th"),
    ]
    var bases: [Unicode.Scalar: String] = [:]
    for (marked, base) in letters {
      for scalar in marked.unicodeScalars { bases[scalar] = base }
    }
    return bases
  }()
}
