/// Consecutive chunks that one worker scatters.
struct ChunkGroup: Sendable {
  let chunks: [RatingChunk]

  /// Divides chunks, in the order of the input, into at most `count` groups of about equally many ratings.
  static func divide(_ chunks: [RatingChunk], count: Int) -> [ChunkGroup] {
    let total = chunks.reduce(0) { $0 + $1.count }
    var groups: [ChunkGroup] = []
    var group: [RatingChunk] = []
    var ratings = 0
    for chunk in chunks {
      group.append(chunk)
      ratings += chunk.count
      if ratings * count >= total * (groups.count + 1) && groups.count + 1 < count {
        groups.append(ChunkGroup(chunks: group))
        group = []
      }
    }
    if !group.isEmpty || groups.isEmpty { groups.append(ChunkGroup(chunks: group)) }
    return groups
  }

  /// Puts rows and columns in the place of the workers' numbers, counts the ratings of each row, and moves those of
  /// unknown ids out of the way.
  ///
  /// - Returns: The number of ratings with an unknown user or item.
  func resolve(users: IDUnion, items: IDUnion, counts: UnsafeMutableBufferPointer<UInt32>) -> Int {
    var unknown = 0
    for chunk in chunks {
      users.rows[chunk.worker].withUnsafeBufferPointer { userRows in
        items.rows[chunk.worker].withUnsafeBufferPointer { itemRows in
          var kept = 0
          for position in 0..<chunk.count {
            let user = userRows[Int(chunk.users[position])]
            let item = itemRows[Int(chunk.items[position])]
            if user == IDUnion.unknown || item == IDUnion.unknown {
              unknown &+= 1
              continue
            }
            chunk.users[kept] = user
            chunk.items[kept] = item
            chunk.values[kept] = chunk.values[position]
            counts[Int(user)] += 1
            kept &+= 1
          }
          chunk.count = kept
        }
      }
    }
    return unknown
  }

  /// Moves the ratings to their rows and frees the chunks.
  ///
  /// - Parameter next: for each row, the next free slot relative to the row's start.
  func scatter(
    offsets: UnsafeBufferPointer<Int>, next: UnsafeMutableBufferPointer<UInt32>,
    columns: UnsafeMutableBufferPointer<Int32>, values: UnsafeMutableBufferPointer<Float>
  ) {
    for chunk in chunks {
      for position in 0..<chunk.count {
        let row = Int(chunk.users[position])
        let slot = offsets[row] &+ Int(next[row])
        next[row] &+= 1
        columns[slot] = Int32(bitPattern: chunk.items[position])
        values[slot] = chunk.values[position]
      }
      chunk.free()
    }
  }
}
