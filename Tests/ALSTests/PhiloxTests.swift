import ALS
import Testing

struct PhiloxTests {
  /// The known answers of Random123's kat_vectors for philox4x32-10. A counter is c₀ c₁ c₂ c₃, lowest word first.
  @Test(arguments: [
    (
      block: UInt64(0), stream: UInt64(0), seed: UInt64(0),
      expected: SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (.max, .max, .max, SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)),
    (
      0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e, 0x299f_31d0_a409_3822,
      SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func `blocks equal the known answers of Random123`(
    vector: (block: UInt64, stream: UInt64, seed: UInt64, expected: SIMD4<UInt32>)
  ) {
    #expect(Philox(seed: vector.seed).block(vector.block, stream: vector.stream) == vector.expected)
  }

  @Test func `words are spread over their range`() {
    let philox = Philox(seed: 11)
    var sum = 0.0
    for block in 0..<UInt64(5000) {
      let words = philox.block(block, stream: 3)
      for k in 0..<4 { sum += Double(words[k]) * 0x1p-32 }
    }
    // The mean of 20,000 uniform numbers deviates by 0.29 / √20000; five times that.
    #expect(abs(sum / 20_000 - 0.5) < 0.0103)
  }
}
