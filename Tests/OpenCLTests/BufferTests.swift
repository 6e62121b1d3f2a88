import OpenCL
import Testing

@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct BufferTests {
  private func expectRoundTrip<Element: OpenCLScalar & Equatable>(_ elements: [Element]) throws {
    let (context, queue) = try TestDevice.open()
    let buffer = try Buffer<Element>(context, count: elements.count, what: "numbers")
    try queue.write(elements, to: buffer)
    // Compared outside of `#expect`, which would spend minutes on describing where long arrays differ.
    let isSame = try queue.read(buffer) == elements
    #expect(isSame, "\(elements.count) × \(Element.self)")
  }

  @Test func `what is written is read back`() throws {
    try expectRoundTrip([Float](arrayLiteral: 1.5, -0, .infinity, .leastNonzeroMagnitude))
    try expectRoundTrip([Int32.min, -1, 0, .max])
    try expectRoundTrip([UInt32(0), .max])
    try expectRoundTrip([Int64.min, 1 << 40, .max])
    try expectRoundTrip([UInt64.max, 1 << 63])
    try expectRoundTrip([SIMD4<UInt32>(1, 2, 3, 4), SIMD4(5, 6, 7, .max)])
    try expectRoundTrip((0..<100_003).map { Int32($0) })
  }

  @Test func `an empty buffer is written, filled and read`() throws {
    try expectRoundTrip([Float]())
    let (context, queue) = try TestDevice.open()
    let buffer = try Buffer<Int64>(context, count: 0, what: "nothing")
    #expect(buffer.count == 0)
    try queue.fill(buffer, with: 7)
    #expect(try queue.read(buffer) == [])
  }

  @Test func `a part of a buffer is written and read`() throws {
    let (context, queue) = try TestDevice.open()
    let buffer = try Buffer<Int32>(context, count: 8, what: "numbers")
    try queue.fill(buffer, with: -1)
    try [Int32(10), 11, 12].withUnsafeBufferPointer { try queue.write($0, to: buffer, offset: 3) }
    #expect(try queue.read(buffer) == [-1, -1, -1, 10, 11, 12, -1, -1])
    try [Int32(99)].withUnsafeBufferPointer { try queue.write($0, to: buffer, offset: 7) }
    var part = [Int32](repeating: 0, count: 4)
    try part.withUnsafeMutableBufferPointer { try queue.read(buffer, offset: 4, into: $0) }
    #expect(part == [11, 12, -1, 99])
  }

  @Test func `writing and reading nothing at the end is allowed`() throws {
    let (context, queue) = try TestDevice.open()
    let buffer = try Buffer<Int32>(context, count: 2, what: "numbers")
    try queue.write([4, 5], to: buffer)
    try queue.write(UnsafeBufferPointer(start: nil, count: 0), to: buffer, offset: 2)
    try queue.read(buffer, offset: 2, into: UnsafeMutableBufferPointer<Int32>(start: nil, count: 0))
    #expect(try queue.read(buffer) == [4, 5])
  }

  @Test func `a fill sets every element`() throws {
    let (context, queue) = try TestDevice.open()
    let floats = try Buffer<Float>(context, count: 1001, what: "numbers")
    try queue.fill(floats, with: 2.5)
    #expect(try queue.read(floats) == [Float](repeating: 2.5, count: 1001))
    let words = try Buffer<SIMD4<UInt32>>(context, count: 33, what: "words")
    try queue.fill(words, with: SIMD4(1, 2, 3, 4))
    #expect(try queue.read(words) == [SIMD4<UInt32>](repeating: SIMD4(1, 2, 3, 4), count: 33))
  }

  @Test func `a part of a buffer is the same memory`() throws {
    let (context, queue) = try TestDevice.open()
    let step = max(1, context.device.partAlignmentBytes / 4)
    let whole = try Buffer<Int32>(context, count: 3 * step, what: "numbers")
    try queue.fill(whole, with: 1)
    let part = try Buffer(partOf: whole, offset: step, count: 2, what: "a part")
    try queue.write([7, 8], to: part)
    #expect(try queue.read(part) == [7, 8])
    let all = try queue.read(whole)
    #expect(all[step - 1...step + 2] == [1, 7, 8, 1])
    #expect(context.bytesInUse == UInt64(12 * step))
  }

  @Test func `an array of the host is read without a copy of it`() throws {
    let (context, queue) = try TestDevice.open()
    let buffer = try Buffer<UInt64>(context, sharing: [5, 6, 7, -1], 1..<4, what: "numbers")
    #expect(try queue.read(buffer) == [6, 7, .max])
    #expect(context.bytesInUse == 0)
  }

  @Test func `a queue waits for another`() throws {
    let (context, queue) = try TestDevice.open()
    let other = try CommandQueue(context)
    let buffer = try Buffer<Int32>(context, count: 1 << 20, what: "numbers")
    for round in Int32(0)..<20 {
      let values = [Int32](repeating: round, count: buffer.count)
      var read = [Int32](repeating: -1, count: buffer.count)
      try values.withUnsafeBufferPointer { (values) throws(OpenCLError) in
        try read.withUnsafeMutableBufferPointer { (read) throws(OpenCLError) in
          try other.enqueueWrite(values, to: buffer)
          try queue.enqueueWait(for: other.marker())
          try queue.enqueueRead(buffer, into: read)
          try other.enqueueWait(for: queue.marker())
          try other.fill(buffer, with: -1)
          try queue.finish()
          try other.finish()
        }
      }
      let isSame = read == values
      #expect(isSame)
    }
  }
}
