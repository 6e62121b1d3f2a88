import ALS
import Synchronization

extension [Float] {
  /// Whether no element is infinite or not a number; O(count), on all cores.
  var areFinite: Bool {
    let exponent: UInt32 = 0x7F80_0000
    let isFinite = Atomic<Bool>(true)
    withUnsafeBufferPointer { buffer in
      // The elements are only read.
      nonisolated(unsafe) let elements = buffer
      Parallel.performRanges(elements.count, grain: 1 << 20) { range in
        // Without a branch per element, so that it is done for several at once.
        var highest: UInt32 = 0
        for index in range { highest = Swift.max(highest, elements[index].bitPattern & exponent) }
        if highest == exponent { isFinite.store(false, ordering: .relaxed) }
      }
    }
    return isFinite.load(ordering: .relaxed)
  }
}
