/// The distinct ids of one side that a worker met, with the numbers that it gave them.
struct IDKeys {
  /// Ids that are their own number, a bit each.
  var direct: [UInt64] = []
  /// Numbers given out beside those; what follows counts them from 0, chunks from ``IDTable/firstHashed``.
  var count: UInt32 = 0
  /// All other ids that are canonical integers, in the order of their first appearance, and their numbers.
  var integers: [Int64] = []
  var integerLocals: [UInt32] = []
  /// Ids that are no such integers: the UTF-8 of one after the other, where each ends, and their numbers, ``IDTable/dropped`` where they
  /// have none.
  var textBytes: [UInt8] = []
  var textEnds: [Int] = []
  var textLocals: [UInt32] = []
}
