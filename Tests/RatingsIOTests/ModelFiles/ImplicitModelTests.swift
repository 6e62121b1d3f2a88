import ALS
import RatingsIO
import Testing

@Suite struct `Models of implicit` {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory(inMemory: true) }

  private typealias Entries = [(name: String, bytes: [UInt8])]

  private static let users = NumPyFile.array("<f4", [2, 2], NumPyFile.bytes([1, 2, 3, 4] as [Float]))
  private static let items = NumPyFile.array("<f4", [3, 2], NumPyFile.bytes([5, 6, 7, 8, 9, 10] as [Float]))
  /// What NumPy writes of `None`: a pickled object.
  private static let none = NumPyFile.array("|O", [], Array("\u{80}\u{04}N.".utf8))

  private static func scalar(_ type: String, _ value: some BitwiseCopyable) -> [UInt8] {
    NumPyFile.array(type, [], withUnsafeBytes(of: value) { Array($0) })
  }

  private func model(_ entries: Entries) throws -> ImplicitModel {
    try scratch.write("als.npz", NumPyFile.archive(entries))
    return try ImplicitModel(scratch["als.npz"])
  }

  private func failure(_ entries: Entries) -> String? {
    do {
      _ = try model(entries)
      return nil
    } catch let error as RatingsIOError {
      #expect(error.kind == .badData)
      return error.description.split(separator: scratch["als.npz"]).joined()
    } catch {
      return "\(error)"
    }
  }

  @Test func `settings that are missing, or None, have implicit's defaults`() throws {
    for settings in [[], ["alpha", "random_state", "use_cg", "iterations", "regularization"].map { ($0, Self.none) }]
      as [Entries]
    {
      let model = try model([("user_factors", Self.users), ("item_factors", Self.items)] + settings)
      #expect(model.factors.user.values == [1, 2, 3, 4] && model.factors.item.values == [5, 6, 7, 8, 9, 10])
      let expected = try ALSParameters(
        rank: 2, iterations: 15, regularization: 0.01, regularizationExponent: 0, feedback: .implicit(alpha: 1),
        solver: .conjugateGradient(steps: 3), firstSide: .user)
      #expect(model.parameters == expected)
    }
  }

  @Test func `settings are those of the file, whatever their types`() throws {
    let model = try model([
      ("user_factors", Self.users), ("item_factors", Self.items), ("alpha", Self.scalar("<i8", Int64(40))),
      ("regularization", Self.scalar("<f4", Float(0.5))), ("iterations", Self.scalar("<i4", Int32(7))),
      ("use_cg", Self.scalar("|b1", UInt8(0))), ("random_state", Self.scalar("<i8", Int64(9))),
      ("dtype", NumPyFile.array("<U7", [], NumPyFile.bytes("float32".unicodeScalars.map(\.value)))),
    ])
    let expected = try ALSParameters(
      rank: 2, iterations: 7, regularization: 0.5, regularizationExponent: 0, feedback: .implicit(alpha: 40), seed: 9,
      firstSide: .user)
    #expect(model.parameters == expected)
  }

  @Test func `factors of 64 bits are rounded, and those by columns turned`() throws {
    let doubles = NumPyFile.array(
      "<f8", [2, 2], NumPyFile.bytes([1, 3, 2, 4.000000001] as [Double]), isFortranOrder: true)
    #expect(try model([("user_factors", doubles), ("item_factors", Self.items)]).factors.user.values == [1, 2, 3, 4])
  }

  @Test func `what is no such model is refused, saying why`() {
    let (users, items) = (("user_factors", Self.users), ("item_factors", Self.items))
    #expect(failure([items]) == ": it has no user_factors: it is not a trained model of implicit")
    #expect(
      failure([users, ("item_factors", Self.none)]) == ": it has no item_factors: it is not a trained model of implicit"
    )
    #expect(
      failure([users, items, ("learning_rate", Self.scalar("<f8", 0.1))])
        == ": it is a model of implicit, but not of its AlternatingLeastSquares")
    let wide = NumPyFile.array("<f4", [2, 3], [UInt8](repeating: 0, count: 24))
    #expect(failure([users, ("item_factors", wide)]) == ": its user_factors have rank 2, but its item_factors 3")
    let flat = NumPyFile.array("<f4", [4], [UInt8](repeating: 0, count: 16))
    #expect(failure([("user_factors", flat), items]) == ": user_factors.npy: its shape is (4), not rows × rank")
    let empty = NumPyFile.array("<f4", [1 << 40, 0], [])
    #expect(
      failure([("user_factors", empty), items])
        == ": user_factors.npy: its shape is (1099511627776, 0), not rows × rank")
    let claimed = NumPyFile.array("<f4", [1 << 30, 2], [0])
    #expect(
      failure([("user_factors", claimed), items]) == ": user_factors.npy: its size and its elements \"<f4\" disagree")
    let infinite = NumPyFile.array("<f8", [2, 2], NumPyFile.bytes([1, 2, 3, 1e300]))
    #expect(failure([("user_factors", infinite), items]) == ": user_factors.npy: row 1 holds an infinity or a NaN")
    let halves = NumPyFile.array("<f2", [2, 2], [UInt8](repeating: 0, count: 8))
    #expect(failure([("user_factors", halves), items])?.hasPrefix(": user_factors.npy: elements \"<f2\"") == true)
    #expect(
      failure([users, items, ("alpha", Self.scalar("<f8", -1.0))])?.hasPrefix(
        ": its settings are not those of a model: ") == true)
    #expect(failure([users, items, ("alpha", Self.scalar("<f8", Double.nan))])?.hasPrefix(": its settings") == true)
    #expect(
      failure([users, items, ("iterations", Self.scalar("<f8", 1.5))]) == ": its iterations is 1.5, not a whole number")
    #expect(failure([users, items, ("alpha", Self.users)]) == ": alpha.npy: it is not a number")
  }

  @Test func `ratings have to be of its size`() throws {
    let model = try model([("user_factors", Self.users), ("item_factors", Self.items)])
    try scratch.write("right.npz", NumPyFile.compressed())
    try scratch.write("wide.npz", NumPyFile.compressed(shape: [2, 4]))
    try scratch.write("nan.npz", NumPyFile.compressed(data: NumPyFile.array("<f4", [1, .nan, 2] as [Float])))
    #expect(try model.ratings(scratch["right.npz"]).columnIndices == [0, 2, 1])
    for name in ["wide.npz", "nan.npz"] {
      #expect(throws: RatingsIOError.self) { try model.ratings(scratch[name]) }
    }
  }

  @Test func `one cut anywhere, or with wrong bytes, is an error or a model`() throws {
    let whole = NumPyFile.archive([
      ("user_factors", Self.users), ("item_factors", Self.items), ("alpha", Self.scalar("<f8", 2.0)),
    ])
    for length in 0..<whole.count {
      try scratch.write("als.npz", Array(whole[..<length]))
      #expect(throws: RatingsIOError.self) { try ImplicitModel(scratch["als.npz"]) }
    }
    var dice = Dice(21)
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0...dice.roll(2) { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
      try scratch.write("als.npz", bytes)
      // Nothing but errors of its own, whose type the compiler knows.
      if let model = try? ImplicitModel(scratch["als.npz"]) {
        #expect(!model.factors.user.values.contains { !$0.isFinite })
      }
    }
  }

  @Test func `ids of rows are whole lines, in order`() throws {
    try scratch.write("ids.txt", "\u{FEFF}b,c\r\na\tb\n007")
    let ids = try RowIDs.read(Location(scratch["ids.txt"]), count: 3)
    #expect((0..<3).map { ids[$0] } == ["b,c", "a\tb", "007"])
    #expect(throws: RatingsIOError.rowIDs(file: scratch["ids.txt"], expected: 4, found: 3)) {
      try RowIDs.read(Location(scratch["ids.txt"]), count: 4)
    }
  }
}
