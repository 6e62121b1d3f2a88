import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A worker's dictionary of one side: gives each id a number.
///
/// Whole numbers below ``IDBits/limit`` are their own number and take a bit each. All others are numbered from there on in
/// the order of first appearance, by open addressing with linear probing, at most half full; canonical integers and other
/// texts in tables of their own.
struct IDTable: ~Copyable {
  /// Stands for an id whose rows are left out.
  static let dropped = UInt32.max
  /// Stands for an id that has no number yet.
  static let vacant = UInt32.max - 1
  /// The first number that is given out by order of appearance.
  static let firstHashed = UInt32(IDBits.limit)

  private struct IntegerSlot {
    var key: Int64
    var local: UInt32
  }

  private struct TextSlot {
    var hash: UInt32
    var local: UInt32
    /// Where the text starts among all texts, and in the low 24 bits (a line is no longer) its length.
    var place: UInt64
  }

  private var hashed = IDKeys()
  private var direct = IDBits()
  private let droppedIDs: Set<String>
  /// Dropped ids that could be their own number.
  private var droppedDirect = IDBits()
  private let dropsDirect: Bool

  private var integerSlots: UnsafeMutablePointer<IntegerSlot>
  private var integerBits = 10
  private var integerUse = 0

  private var textSlots: UnsafeMutablePointer<TextSlot>
  private var textBits = 4

  init(dropping droppedIDs: Set<String>) {
    self.droppedIDs = droppedIDs
    var dropsDirect = false
    for id in droppedIDs {
      guard let number = UInt64(id), number < IDBits.limit, String(number) == id else { continue }
      droppedDirect.insert(number)
      dropsDirect = true
    }
    self.dropsDirect = dropsDirect
    integerSlots = .allocate(capacity: 1 << integerBits)
    integerSlots.initialize(repeating: IntegerSlot(key: 0, local: Self.vacant), count: 1 << integerBits)
    textSlots = .allocate(capacity: 1 << textBits)
    textSlots.initialize(repeating: TextSlot(hash: 0, local: Self.vacant, place: 0), count: 1 << textBits)
  }

  deinit {
    integerSlots.deallocate()
    textSlots.deallocate()
  }

  /// All ids that were met.
  var keys: IDKeys {
    var keys = hashed
    keys.direct = direct.array
    return keys
  }

  /// The number of an id, or ``dropped``.
  mutating func local(of field: Field, column: Int) throws(RowFault) -> UInt32 {
    guard let key = Self.integer(field) else { return try textLocal(of: field, column: column) }
    return local(of: key)
  }

  /// The number of an id if it has one, else ``vacant``.
  func existing(_ field: Field) -> UInt32 {
    guard let key = Self.integer(field) else {
      return textSlots[textPosition(of: field, hash: Self.hash(field))].local
    }
    let number = UInt64(bitPattern: key)
    if number < IDBits.limit {
      if dropsDirect && droppedDirect.contains(number) { return Self.dropped }
      return direct.contains(number) ? UInt32(truncatingIfNeeded: number) : Self.vacant
    }
    return integerSlots[integerPosition(of: key)].local
  }

  /// The numbers of many integers at once.
  ///
  /// A look into a large table waits for memory. Here the first looks of all keys are independent of each other, so that
  /// the processor waits for many at a time; the few that do not hit come after.
  @inline(__always)
  mutating func lookUp(_ keys: UnsafePointer<Int64>, count: Int, into locals: UnsafeMutablePointer<UInt32>) {
    let slots = integerSlots
    let bits = integerBits
    let capacity = dropsDirect ? 0 : direct.capacity
    var missed = 0
    for position in 0..<count {
      let key = keys[position]
      if UInt64(bitPattern: key) < capacity {
        direct.insertWithinCapacity(UInt64(bitPattern: key))
        locals[position] = UInt32(truncatingIfNeeded: key)
      } else {
        let slot = slots[Self.slot(of: key, bits: bits)]
        let isHit = slot.key == key
        locals[position] = isHit ? slot.local : Self.vacant
        missed &+= isHit && slot.local != Self.vacant ? 0 : 1
      }
    }
    if missed == 0 { return }
    for position in 0..<count where locals[position] == Self.vacant {
      locals[position] = local(of: keys[position])
    }
  }

  /// Refuses what is no id, without giving it a number.
  static func check(_ field: Field, column: Int) throws(RowFault) {
    if integer(field) != nil { return }
    guard field.count > 0 else { throw .emptyID(column: column) }
    guard memchr(field.start, 0, field.count) == nil else { throw .nulByte(column: column) }
    guard memchr(field.start, 10, field.count) == nil else { throw .lineEnd(column: column) }
    guard TextDecoder.isUTF8(field.bytes) else { throw .invalidUTF8(column: column) }
  }

  /// The value of a canonical integer.
  @inline(__always)
  static func integer(_ field: Field) -> Int64? {
    let count = field.count
    let start = field.start
    // Up to 18 digits without a sign fit for sure.
    guard count &- 1 < 18, count > 0, start[0] != 48 else { return IDIndex.canonicalInteger(field.bytes) }
    var value: Int64 = 0
    var position = 0
    repeat {
      let digit = start[position] &- 48
      if digit > 9 { return start[0] == UInt8(ascii: "-") ? IDIndex.canonicalInteger(field.bytes) : nil }
      value = value &* 10 &+ Int64(truncatingIfNeeded: digit)
      position &+= 1
    } while position < count
    return value
  }

  private mutating func nextLocal() -> UInt32 {
    hashed.count += 1
    return Self.firstHashed + hashed.count - 1
  }

  // MARK: Integers

  @inline(__always)
  private static func slot(of key: Int64, bits: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: key) &* 0x9e37_79b9_7f4a_7c15) &>> UInt64(64 &- bits))
  }

  private mutating func local(of key: Int64) -> UInt32 {
    let number = UInt64(bitPattern: key)
    if number < IDBits.limit {
      if dropsDirect && droppedDirect.contains(number) { return Self.dropped }
      direct.insert(number)
      return UInt32(truncatingIfNeeded: number)
    }
    let position = integerPosition(of: key)
    let local = integerSlots[position].local
    return local == Self.vacant ? insert(key, at: position) : local
  }

  /// The slot of a key, or the vacant one where it belongs.
  private func integerPosition(of key: Int64) -> Int {
    let mask = 1 << integerBits &- 1
    var position = Self.slot(of: key, bits: integerBits)
    while integerSlots[position].local != Self.vacant && integerSlots[position].key != key {
      position = (position &+ 1) & mask
    }
    return position
  }

  @inline(never)
  private mutating func insert(_ key: Int64, at position: Int) -> UInt32 {
    let isDropped = !droppedIDs.isEmpty && droppedIDs.contains(String(key))
    let local = isDropped ? Self.dropped : nextLocal()
    if !isDropped {
      hashed.integers.append(key)
      hashed.integerLocals.append(local - Self.firstHashed)
    }
    integerSlots[position] = IntegerSlot(key: key, local: local)
    integerUse += 1
    if 2 * integerUse > 1 << integerBits { growIntegers() }
    return local
  }

  private mutating func growIntegers() {
    let bits = integerBits + 1
    let larger = UnsafeMutablePointer<IntegerSlot>.allocate(capacity: 1 << bits)
    larger.initialize(repeating: IntegerSlot(key: 0, local: Self.vacant), count: 1 << bits)
    for old in 0..<1 << integerBits where integerSlots[old].local != Self.vacant {
      var position = Self.slot(of: integerSlots[old].key, bits: bits)
      while larger[position].local != Self.vacant { position = (position + 1) & (1 << bits - 1) }
      larger[position] = integerSlots[old]
    }
    integerSlots.deallocate()
    integerSlots = larger
    integerBits = bits
  }

  // MARK: Texts

  private mutating func textLocal(of field: Field, column: Int) throws(RowFault) -> UInt32 {
    let hash = Self.hash(field)
    let position = textPosition(of: field, hash: hash)
    if textSlots[position].local != Self.vacant { return textSlots[position].local }
    try Self.check(field, column: column)
    let isDropped = !droppedIDs.isEmpty && droppedIDs.contains(field.text)
    let local = isDropped ? Self.dropped : nextLocal()
    let place = UInt64(truncatingIfNeeded: hashed.textBytes.count) << 24 | UInt64(truncatingIfNeeded: field.count)
    textSlots[position] = TextSlot(hash: hash, local: local, place: place)
    hashed.textBytes.append(contentsOf: field.bytes)
    hashed.textEnds.append(hashed.textBytes.count)
    hashed.textLocals.append(isDropped ? Self.dropped : local - Self.firstHashed)
    if 2 * hashed.textEnds.count > 1 << textBits { growTexts() }
    return local
  }

  /// The slot of a text, or the vacant one where it belongs.
  private func textPosition(of field: Field, hash: UInt32) -> Int {
    let mask = 1 << textBits - 1
    var position = Int(truncatingIfNeeded: hash) & mask
    while textSlots[position].local != Self.vacant {
      let slot = textSlots[position]
      if slot.hash == hash && Int(truncatingIfNeeded: slot.place & 0xff_ffff) == field.count {
        let start = Int(truncatingIfNeeded: slot.place >> 24)
        let isEqual = hashed.textBytes.withUnsafeBufferPointer {
          memcmp($0.baseAddress! + start, field.start, field.count) == 0
        }
        if isEqual { return position }
      }
      position = (position &+ 1) & mask
    }
    return position
  }

  private mutating func growTexts() {
    let bits = textBits + 1
    let larger = UnsafeMutablePointer<TextSlot>.allocate(capacity: 1 << bits)
    larger.initialize(repeating: TextSlot(hash: 0, local: Self.vacant, place: 0), count: 1 << bits)
    for old in 0..<1 << textBits where textSlots[old].local != Self.vacant {
      var position = Int(truncatingIfNeeded: textSlots[old].hash) & (1 << bits - 1)
      while larger[position].local != Self.vacant { position = (position + 1) & (1 << bits - 1) }
      larger[position] = textSlots[old]
    }
    textSlots.deallocate()
    textSlots = larger
    textBits = bits
  }

  /// Multiply and fold over 8 bytes at a time.
  private static func hash(_ field: Field) -> UInt32 {
    var hash = UInt64(truncatingIfNeeded: field.count) &+ 0x9e37_79b9_7f4a_7c15
    var position = 0
    while position &+ 8 <= field.count {
      let word = UnsafeRawPointer(field.start).loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let product = (hash ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      hash = product.high ^ product.low
      position &+= 8
    }
    if position < field.count {
      var word: UInt64 = 0
      withUnsafeMutableBytes(of: &word) { word in
        word.baseAddress!.copyMemory(from: field.start + position, byteCount: field.count - position)
      }
      let product = (hash ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
      hash = product.high ^ product.low
    }
    return UInt32(truncatingIfNeeded: hash)
  }
}
