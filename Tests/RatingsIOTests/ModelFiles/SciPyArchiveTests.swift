import ALS
import RatingsIO
import Testing

@Suite struct SciPyArchiveTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory(inMemory: true) }

  private func matrix(_ bytes: [UInt8]) throws -> CSRMatrix {
    try scratch.write("matrix.npz", bytes)
    return try CSRMatrix(npz: ReadableFile(scratch["matrix.npz"]))
  }

  @Test func `a compressed matrix of SciPy is read, its columns sorted and duplicates kept`() throws {
    let expected = CSRMatrix(
      columnCount: 4, rowOffsets: [0, 2, 2, 4, 5], columnIndices: [0, 2, 1, 1, 3], values: [1, 3.5, 2, 4, 5])
    #expect(try matrix(SciPyFixture.doubles.bytes) == expected)
  }

  @Test func `small integers with 64-bit indices are read`() throws {
    let expected = CSRMatrix(columnCount: 3, rowOffsets: [0, 1, 2], columnIndices: [1, 0], values: [1, 2])
    #expect(try matrix(SciPyFixture.array.bytes) == expected)
  }

  @Test func `a matrix by columns is refused with a remedy`() throws {
    let error = try #require(modelFileError { _ = try matrix(SciPyFixture.byColumns.bytes) })
    #expect(error.kind == .badData)
    #expect(error.description.contains("tocsr"))
  }

  @Test(arguments: [0, 100, 300, 600, Int(UInt32.max)])
  func `records for large archives are read back`(threshold: Int) throws {
    let ratings = try #require(try sampleModel().ratings)
    let file = try WritableFile(creating: scratch["large.npz"])
    try ratings.writeNPZ(to: file, zip64Threshold: threshold)
    try file.finish()
    #expect(try matrix(scratch.bytes("large.npz")) == ratings)
  }

  @Test func `a compressed archive cut anywhere is an error`() throws {
    let whole = SciPyFixture.doubles.bytes
    for length in 0..<whole.count {
      #expect(modelFileError { _ = try matrix(Array(whole[..<length])) }?.kind == .badData, "\(length)")
    }
  }

  @Test(arguments: [SciPyFixture.doubles, .array])
  func `a compressed archive with wrong bytes is an error or a valid matrix`(fixture: SciPyFixture) throws {
    let whole = fixture.bytes
    let random = Philox(seed: 5)
    for round in 0..<4000 {
      var bytes = whole
      let words = random.block(UInt64(round), stream: 0)
      bytes[Int(words[0]) % bytes.count] ^= UInt8(1 + words[1] % 255)
      if words[2] % 2 == 0 { bytes[Int(words[3]) % bytes.count] = UInt8(words[2] >> 8 & 0xFF) }
      do {
        #expect(try matrix(bytes).isValid)
      } catch {
        #expect(error is ModelFileError)
      }
    }
  }
}
