/// The distinct ids of one side that a worker met, with the numbers that it gave them.
struct IDKeys {
  /// Numbers given out.
  var count: UInt32 = 0
  /// Ids that are canonical integers, in the order of their first appearance, and their numbers.
  var integers: [Int64] = []
  var integerLocals: [UInt32] = []
  /// All other ids: the UTF-8 of one after the other, where each ends, and their numbers, ``IDTable/dropped`` where they
  /// have none.
  var textBytes: [UInt8] = []
  var textEnds: [Int] = []
  var textLocals: [UInt32] = []
}
