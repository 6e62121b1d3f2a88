import ALS
import RatingsIO
import Testing

@Suite struct `Replaying operations` {
  /// A pair of ids.
  struct Pair: Hashable {
    var user: String
    var item: String
  }

  /// A table that lives, and the files that DMS writes of it.
  private struct Table {
    var ratings: [Pair: Float] = [:]
    /// The last operation of each pair since the full load; `nil`: it was deleted.
    var changes: [Pair: Float?] = [:]
    var dice: Dice
    let textIDs: Bool
    let timeStamps: Bool

    private mutating func pair() -> Pair {
      let (user, item) = (dice.roll(25) * 3, dice.roll(12) + (dice.roll(2) == 0 ? 0 : 1 << 26))
      return Pair(
        user: textIDs && user % 2 == 0 ? "u\(user)" : "\(user)",
        item: textIDs && item % 5 == 0 ? "\"i,\(item)\"" : "\(item)")
    }

    private func row(_ parts: [String], _ pair: Pair, _ rating: String) -> String {
      (parts + (timeStamps ? ["2014-10-29 11:34:01.000001"] : []) + [pair.user, pair.item, rating]).joined(
        separator: ",")
        + "\n"
    }

    mutating func load(_ count: Int) -> String {
      var text = ""
      for _ in 0..<count {
        let pair = pair()
        if ratings[pair] != nil { continue }
        let rating = Float(dice.roll(9)) / 2
        ratings[pair] = rating
        text += row([], pair, "\(rating)")
      }
      return text
    }

    mutating func change(_ count: Int) -> String {
      var text = ""
      for _ in 0..<count {
        let pair = pair()
        if let old = ratings[pair], dice.roll(3) > 0 {
          ratings[pair] = nil
          changes[pair] = .some(nil)
          text += row(["D"], pair, dice.roll(2) == 0 ? "" : "\(old)")
          continue
        }
        let isKnown = ratings[pair] != nil
        let rating = dice.roll(8) == 0 ? 255 : Float(dice.roll(9)) / 2
        // 255 is no rating.
        ratings[pair] = rating == 255 ? nil : rating
        changes[pair] = .some(rating == 255 ? nil : rating)
        text += row([isKnown ? "U" : "I"], pair, "\(rating)")
      }
      return text
    }

    /// What is left, as a plain file.
    var plain: String { ratings.map { "\($0.user),\($0.item),\($1)\n" }.joined() }
  }

  private static func pairs(_ matrix: CSRMatrix, _ users: IDIndex, _ items: IDIndex) -> [Pair: Float] {
    var found: [Pair: Float] = [:]
    for row in 0..<matrix.rowCount {
      for entry in matrix.entries(ofRow: row) {
        found[Pair(user: users[row], item: items[Int(matrix.columnIndices[entry])])] = matrix.values[entry]
      }
    }
    return found
  }

  @Test(arguments: [false, true], [false, true])
  func `gives what a table holds after them, whatever the blocks and workers`(textIDs: Bool, timeStamps: Bool) throws {
    for seed in 1...12 {
      var table = Table(dice: Dice(UInt64(seed)), textIDs: textIDs, timeStamps: timeStamps)
      let folder = Folder()
      folder.write(table.load(60), to: "t/LOAD00000001.csv")
      folder.write(gzip(Array(table.load(60).utf8)), to: "t/LOAD00000002.csv.gz")
      var names: [String] = []
      for file in 0..<4 {
        names.append("t/2014/\(9 - file)/20141029-113401000\(file).csv")
        folder.write(table.change(table.dice.roll(80) + 1), to: names[file])
      }
      var options = ReadOptions()
      options.ratingMap = [RatingRule(value: 255, replacement: nil)]
      options.defaultDuplicates = .sum
      let expected = try read(table.plain, as: "plain.csv")
      for (blockSize, workers) in [(4 << 20, 1), (4 << 20, 3), (64, 2), (9, 4)] {
        let reader = RatingsReader(options: options, blockSize: blockSize, workerCount: workers)
        let set = try reader.read([Location(folder.path)])
        #expect(set.users == expected.users && set.items == expected.items && set.ratings == expected.ratings)
        #expect(set.ratings.isValid && set.report.sentinels.isEmpty)
        let known = try reader.read([Location(folder.path)], users: expected.users, items: expected.items)
        #expect(known.ratings == expected.ratings)

        let files = try ChangeFile.list(at: Location(folder.path))
        #expect(files.dropFirst(2).map(\.name) == names)
        let changes = try reader.readChanges(Array(files.dropFirst(2)))
        // Texts come unquoted.
        func unquoted(_ pair: Pair) -> Pair { Pair(user: pair.user, item: pair.item.filter { $0 != "\"" }) }
        var (upserts, deletions): ([Pair: Float], [Pair: Float]) = ([:], [:])
        for (pair, rating) in table.changes {
          if let rating { upserts[unquoted(pair)] = rating } else { deletions[unquoted(pair)] = 0 }
        }
        #expect(Self.pairs(changes.upserts, changes.users, changes.items) == upserts)
        #expect(Self.pairs(changes.deletions, changes.users, changes.items) == deletions)
        #expect(changes.upserts.entryCount == upserts.count && changes.deletions.entryCount == deletions.count)
        #expect(changes.upserts.rowCount == changes.users.count && changes.deletions.rowCount == changes.users.count)
        #expect(changes.rows.reduce(0, +) == changes.report.rowCount && changes.rows.count == 4)
      }
    }
  }

  @Test func `plain rows are upserts among changes`() throws {
    let folder = Folder()
    let (a, b) = (folder.write("1,2,3\n1,2,4\n5,6,7\n", to: "a.csv"), folder.write("\n", to: "b.csv"))
    let c = folder.write("D,5,6,7\nU,8,9,1\n", to: "c.csv")
    var options = ReadOptions()
    options.defaultDuplicates = .sum
    let set = try RatingsReader(options: options).readChanges([a, b, c].map { Location($0) })
    #expect(
      Self.pairs(set.upserts, set.users, set.items) == [Pair(user: "1", item: "2"): 4, Pair(user: "8", item: "9"): 1])
    #expect(Self.pairs(set.deletions, set.users, set.items).keys.map(\.user) == ["5"])
    #expect(set.rows == [3, 0, 2] && set.report.hasOperations && set.report.deletions == 1)
    let plain = try RatingsReader(options: options).readChanges([Location(a)])
    #expect(Self.pairs(plain.upserts, plain.users, plain.items)[Pair(user: "1", item: "2")] == 4)
    #expect(plain.deletions.entryCount == 0 && plain.deletions.columnCount == 2 && !plain.report.hasOperations)
  }

  @Test func `no changes at all are a set without any`() throws {
    let set = try RatingsReader().readChanges([ChangeFile]())
    #expect(set.users.count == 0 && set.upserts.entryCount == 0 && set.deletions.entryCount == 0 && set.rows.isEmpty)
    let folder = Folder()
    let empty = try RatingsReader().readChanges([Location(folder.write("", to: "d/x.csv"))])
    #expect(empty.rows == [0] && empty.users.count == 0)
    let error = #expect(throws: RatingsIOError.self) {
      try RatingsReader(options: ReadOptions(duplicates: .sum)).readChanges([ChangeFile]())
    }
    #expect(error?.kind == .usage)
  }
}
