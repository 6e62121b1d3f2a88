import ALS
import RatingsIO
import Testing

@Suite struct `Agreement with a naive parser` {
  /// Splits, sorts and merges with nothing but the standard library.
  private func naive(_ text: String, separator: String, policy: DuplicatePolicy) -> [Triple] {
    var order: [[String]: [Float]] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      order[[parts[0], parts[1]], default: []].append(Float(parts[2])!)
    }
    let users = sorted(Set(order.keys.map { $0[0] }))
    let items = sorted(Set(order.keys.map { $0[1] }))
    var triples: [Triple] = []
    for user in users {
      for item in items {
        guard let ratings = order[[user, item]] else { continue }
        switch policy {
        case .keep, .error: triples += ratings.map { Triple(user, item, $0) }
        case .last: triples.append(Triple(user, item, ratings.last!))
        case .sum: triples.append(Triple(user, item, Float(ratings.reduce(0.0) { $0 + Double($1) })))
        case .mean:
          triples.append(
            Triple(user, item, Float(ratings.reduce(0.0) { $0 + Double($1) } / Double(ratings.count))))
        }
      }
    }
    return triples
  }

  private func sorted(_ ids: Set<String>) -> [String] {
    if ids.allSatisfy({ Int64($0).map(String.init) == $0 }) { return ids.sorted { Int64($0)! < Int64($1)! } }
    return ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func id(_ dice: inout Dice, style: Int) -> String {
    switch style {
    case 0: String(dice.roll(40))
    case 1: String((dice.roll(2) * 2 - 1) * (dice.roll(9) * 1_000_000_007 * 1_000_003 + dice.roll(5)))
    case 2:
      ["user", "é", "0", "00", "-", "--1", "-7", "long name with spaces ", "日本"][dice.roll(9)] + "\(dice.roll(4))"
    default: dice.roll(2) == 0 ? String(dice.roll(30)) : "n\(dice.roll(30))"
    }
  }

  private func number(_ dice: inout Dice) -> String {
    switch dice.roll(6) {
    case 0, 1: String(dice.roll(101))
    case 2: "\(dice.roll(5)).\(dice.roll(1000))"
    case 3: "-\(dice.roll(1_000_000))"
    case 4: "\(dice.roll(100))e-\(dice.roll(9))"
    default: "0.\(dice.roll(1 << 30))\(dice.roll(1 << 30))"
    }
  }

  @Test(arguments: 0..<24)
  func `random input reads alike in blocks of any size on any number of workers`(seed: Int) throws {
    var dice = Dice(UInt64(seed) &* 77 &+ 5)
    let separator = ["\t", ",", "::"][seed % 3]
    let lineEnd = seed % 2 == 0 ? "\n" : "\r\n"
    let styles = (dice.roll(4), dice.roll(4))
    var text = ""
    for row in 0..<(30 + dice.roll(400)) {
      // The first row settles the columns and must not look like a header.
      let user = row == 0 ? "1" : id(&dice, style: styles.0)
      text += user + separator + id(&dice, style: styles.1) + separator + number(&dice)
      if dice.roll(5) == 0 { text += separator + "more" }
      text += lineEnd
      if dice.roll(20) == 0 { text += lineEnd }
    }
    if dice.roll(2) == 0 { text.removeLast() }
    let policy = [DuplicatePolicy.last, .sum, .mean, .keep][seed % 4]
    let options = ReadOptions(duplicates: policy)
    let expected = naive(text, separator: separator, policy: policy)
    let first = try read(text, options, workers: 1)
    #expect(first.triples == expected)
    for blockSize in [1, 16, 17, 64, 255, 1000, 4 << 20] {
      for workers in 1...4 {
        let set = try read(text, options, blockSize: blockSize, workers: workers)
        #expect(set.ratings == first.ratings)
        #expect(set.users == first.users)
        #expect(set.items == first.items)
        #expect(set.report == first.report)
      }
    }
  }

  private func outcome(_ bytes: [UInt8], _ options: ReadOptions, blockSize: Int, workers: Int) -> String {
    let folder = Folder()
    let path = folder.write(bytes, to: "in")
    do {
      let set = try RatingsReader(options: options, blockSize: blockSize, workerCount: workers).read([Location(path)])
      var report = set.report
      report.firstSkipped = report.firstSkipped.map { String($0.dropFirst(folder.path.count)) }
      return "\(set.triples) \(report)"
    } catch {
      return description(error, in: folder)
    }
  }

  @Test(arguments: 0..<60)
  func `damaged input ends alike in blocks of any size on any number of workers`(seed: Int) {
    var dice = Dice(UInt64(seed) &* 1009 &+ 3)
    let separator = ["\t", ",", "::"][seed % 3]
    var bytes: [UInt8] = []
    for row in 0..<(5 + dice.roll(300)) {
      bytes += Array("\(dice.roll(20))\(separator)i\(dice.roll(9))\(separator)\(row % 6)\n".utf8)
    }
    let interesting = Array("\t,:\"\r\n\0- .e9#".utf8) + [0xff, 0xc3, 0x80, 0xef]
    for _ in 0..<dice.roll(5) {
      let position = dice.roll(bytes.count)
      switch dice.roll(3) {
      case 0: bytes[position] = interesting[dice.roll(interesting.count)]
      case 1: bytes.remove(at: position)
      default: bytes.insert(interesting[dice.roll(interesting.count)], at: position)
      }
    }
    var input = bytes
    if seed % 5 == 1 { input = gzip(bytes) }
    if seed % 5 == 2 { input = zstd(bytes) }
    if seed % 5 != 0 && dice.roll(3) == 0 { input.removeLast(dice.roll(input.count)) }
    for policy in MalformedRowPolicy.allCases {
      let options = ReadOptions(duplicates: .keep, onError: policy)
      let first = outcome(input, options, blockSize: 4 << 20, workers: 1)
      for (blockSize, workers) in [(1, 4), (16, 2), (33, 3), (100, 4), (1000, 2), (4 << 20, 4)] {
        #expect(outcome(input, options, blockSize: blockSize, workers: workers) == first)
      }
    }
  }

  @Test func `numbers are rounded correctly`() throws {
    var dice = Dice(99)
    var numbers = [
      "0", "-0", "1", "16777217", "16777219", "33554435", "9007199791611905", "18446744073709551616", "1e10", "1E+2",
      "1.", ".5", "-.5", "+.25", "0.1", "0.3", "3.4028235e38", "340282346638528859811704183484516925440", "1e-45",
      "1e-60",
      "1.00000017881393421514957253748434595763683319091796875", "1.00000017881393432617187499",
      "1.000000178813934326171875", "0.000000000000000000000000000000000000000000001", "00012.50", "8388608.5",
      "8388609.5", "1.17549435e-38", "0.50000002980232238769531250",
    ]
    for _ in 0..<3000 { numbers.append("\(dice.roll(1 << dice.roll(30) + 1)).\(dice.roll(1 << dice.roll(30) + 1))") }
    let text = "0\t0\t0\n" + numbers.indices.map { "\($0)\t1\t\(numbers[$0])\n" }.joined()
    let set = try read(text, ReadOptions(duplicates: .keep))
    let read = Dictionary(
      uniqueKeysWithValues: set.triples.filter { $0.item == "1" }.map { (Int($0.user)!, $0.rating) })
    for (row, number) in numbers.enumerated() {
      let plain = number.first == "+" ? String(number.dropFirst()) : number
      let padded = plain.replacingLonePoint
      #expect(read[row]?.bitPattern == Float(padded)?.bitPattern, "\(number)")
    }
  }
}

extension String {
  /// `.5` and `1.` with their zeros, for the standard library's sake.
  fileprivate var replacingLonePoint: String {
    var text = self
    if text.hasSuffix(".") { text += "0" }
    if text.hasPrefix(".") { text = "0" + text }
    if text.hasPrefix("-.") { text = "-0" + text.dropFirst() }
    return text
  }
}
