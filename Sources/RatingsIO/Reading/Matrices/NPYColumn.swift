/// Elements of one column of some entries, in bytes that were read.
struct NPYColumn {
  let type: NPYElementType
  let bytes: UnsafeRawBufferPointer
  let stride: Int
  let count: Int

  /// As ids, with a fault for each element that is none.
  func ids(column: Int, faults: inout [EntryBatch.Fault]) -> [Int64] {
    let ids = type.wholeNumbers(bytes, stride: stride, count: count)
    for position in 0..<count where ids[position] == NPYElementType.notWhole {
      faults.append(.init(position: position, fault: .notWhole(column: column, found: text(position))))
    }
    return ids
  }

  /// As ratings, with a fault for each element that is none.
  func ratings(column: Int, faults: inout [EntryBatch.Fault]) -> [Float] {
    let values = type.floats(bytes, stride: stride, count: count)
    for position in 0..<count where !values[position].isFinite {
      let text = text(position)
      let isNumber = Double(text)?.isFinite == true
      faults.append(
        .init(
          position: position,
          fault: isNumber ? .overflow(column: column, found: text) : .notFinite(column: column, found: text)))
    }
    return values
  }

  /// As times, with a fault for each element that is none.
  func times(column: Int, faults: inout [EntryBatch.Fault]) -> [Double] {
    let times = type.doubles(bytes, stride: stride, count: count)
    for position in 0..<count where !times[position].isFinite {
      faults.append(.init(position: position, fault: .notATime(column: column, found: text(position))))
    }
    return times
  }

  private func text(_ position: Int) -> String { type.text(bytes, at: position * stride) }
}
