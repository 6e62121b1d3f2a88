import ALS
import Testing

/// Expected values were read from Spark's own generator (4.0 and 3.5, Java 17) by PySpark:
///
/// ```python
/// random = spark._jvm.org.apache.spark.util.random.XORShiftRandom(seed)
/// random.nextLong(), random.nextLong(), struct.pack(">d", random.nextGaussian()).hex()
/// ```
struct XORShiftRandomTests {
  @Test(
    arguments: [
      (0, 2_236_810_499_658_231_116, 1_880_247_635_712_773_362, 0xBFE4_02EB_8790_1ADE),
      (1, 2_201_036_318_770_978_408, 8_819_672_148_546_340_389, 0x3FE7_8DD4_9A29_7FCC),
      (-1, 87_341_357_561_603_782, -7_401_428_064_487_729_366, 0xBFCA_6762_9549_AA54),
      (42, 1_907_851_442_491_015_307, -8_211_798_166_537_113_192, 0x3FE7_7ABE_FFA0_AD8D),
      (.max, -6_866_466_478_644_451_627, 5_161_547_190_091_318_579, 0xBF98_69FB_27C1_D5A3),
      (.min, -1_389_025_518_444_996_125, 4_495_484_108_528_196_451, 0xBFD4_18F2_E137_2083),
      (0x0123_4567_89AB_CDEF, 2_798_556_117_030_919_710, 8_054_820_448_853_003_548, 0x3FD3_8187_0A30_4CEF),
    ] as [(Int64, Int64, Int64, UInt64)])
  func `numbers are Spark's`(seed: Int64, first: Int64, second: Int64, gaussian: UInt64) {
    var generator = XORShiftRandom(seed: seed)
    #expect(generator.nextInt64() == first)
    #expect(generator.nextInt64() == second)
    #expect(generator.nextGaussian().bitPattern == gaussian)
  }

  @Test func `twenty thousand Gaussians are Java's to the last bit, logarithms and all`() {
    var generator = XORShiftRandom(seed: 7)
    // FNV-1a over the bytes of the numbers, the lowest first.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for _ in 0..<20_000 {
      let bits = generator.nextGaussian().bitPattern
      for shift in stride(from: UInt64(0), to: 64, by: 8) { hash = (hash ^ (bits >> shift & 0xFF)) &* 0x100_0000_01B3 }
    }
    #expect(hash == 0x6638_8074_63A2_E990)
  }
}
