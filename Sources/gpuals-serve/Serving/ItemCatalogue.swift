import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The items by what is written on them: a search for a piece of a name or an id, blind to case and to common diacritics.
struct ItemCatalogue: Sendable {
  /// Folded name and id of each item, each followed by a newline, which neither of them holds.
  private let text: [UInt8]
  /// Where the text of each item begins; one more for the end.
  private let starts: [Int]
  /// Rows by popularity, equal ones in row order.
  private let byPopularity: [Int32]
  private let popularity: [Int32]

  init(ids: IDIndex, names: [String?]?, popularity: [Int32]) {
    var text: [UInt8] = []
    var starts: [Int] = []
    for row in 0..<ids.count {
      starts.append(text.count)
      for part in [names?[row], ids[row]] {
        guard let part else { continue }
        FoldedText.append(part, to: &text)
        text.append(UInt8(ascii: "\n"))
      }
    }
    starts.append(text.count)
    self.text = text
    self.starts = starts
    self.popularity = popularity
    byPopularity = (0..<Int32(ids.count)).sorted {
      (popularity[Int($1)], $0) < (popularity[Int($0)], $1)
    }
  }

  /// The rows of up to `count` items whose name or id holds the query: first those that begin with it, then the others, each by
  /// popularity, and equal ones in row order. Without a query the most popular.
  ///
  /// - Complexity: O(length of all names and ids).
  func rows(matching query: String, count: Int) -> [Int] {
    var wanted: [UInt8] = []
    FoldedText.append(query, to: &wanted)
    if wanted.isEmpty { return byPopularity.prefix(count).map { Int($0) } }
    if wanted.contains(UInt8(ascii: "\n")) { return [] }
    var prefixes = TopRows(count: count, popularity: popularity)
    var others = TopRows(count: count, popularity: popularity)
    text.withUnsafeBytes { text in
      wanted.withUnsafeBytes { wanted in
        var row = 0
        var place = 0
        while let hit = Self.find(wanted, in: text, from: place) {
          row = self.row(at: hit, from: row)
          if begins(row, with: wanted, in: text) { prefixes.offer(row) } else { others.offer(row) }
          place = starts[row + 1]
        }
      }
    }
    return Array((prefixes.rows + others.rows).prefix(count))
  }

  /// The first place from `start` on where a text stands. It is not empty.
  private static func find(_ wanted: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = text.baseAddress, let pattern = wanted.baseAddress, let first = wanted.first else { return nil }
    var place = start
    while place + wanted.count <= text.count {
      let length = text.count - wanted.count + 1 - place
      guard let found = memchr(base + place, Int32(first), length) else { return nil }
      place = base.distance(to: UnsafeRawPointer(found))
      if memcmp(base + place, pattern, wanted.count) == 0 { return place }
      place += 1
    }
    return nil
  }

  /// The item whose text holds a place, which is not before that of `first`.
  private func row(at place: Int, from first: Int) -> Int {
    var low = first
    var high = starts.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle } else { high = middle }
    }
    return low
  }

  /// Whether the name or the id of an item begins with a text.
  private func begins(_ row: Int, with wanted: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer) -> Bool {
    text[starts[row]..<starts[row + 1]].split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: wanted) }
  }
}
