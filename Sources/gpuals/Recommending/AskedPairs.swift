import ALS
import RatingsIO

/// Pairs of user and item as rows of a model, in the order of their file; 8 bytes each where the model knows them.
struct AskedPairs {
  private let model: Model
  /// Rows; -1 − k stands for the k-th unknown id.
  private var rows: [(user: Int32, item: Int32)] = []
  private var unknownIDs: [String] = []
  /// Number of pairs whose user or item is unknown.
  private(set) var unknownCount = 0

  /// Reads all pairs before anything is predicted, so that a malformed row is found before the first result.
  static func read(_ reader: PairsReader, from location: Location, model: Model) throws -> AskedPairs {
    var pairs = AskedPairs(model: model)
    try reader.forEach(in: location) { user, item in pairs.append(user, item) }
    return pairs
  }

  private init(model: Model) { self.model = model }

  private mutating func append(_ user: UnsafeBufferPointer<UInt8>, _ item: UnsafeBufferPointer<UInt8>) {
    let pair = (user: row(of: user, in: model.users), item: row(of: item, in: model.items))
    if pair.user < 0 || pair.item < 0 { unknownCount += 1 }
    rows.append(pair)
  }

  private mutating func row(of id: UnsafeBufferPointer<UInt8>, in index: IDIndex) -> Int32 {
    if let row = index.row(ofUTF8: id) { return Int32(row) }
    unknownIDs.append(String(decoding: id, as: UTF8.self))
    return Int32(-unknownIDs.count)
  }

  /// Number of pairs.
  var count: Int { rows.count }

  /// The user's row, if known.
  func userRow(_ index: Int) -> Int? { rows[index].user < 0 ? nil : Int(rows[index].user) }

  /// The item's row, if known.
  func itemRow(_ index: Int) -> Int? { rows[index].item < 0 ? nil : Int(rows[index].item) }

  /// The user's id.
  func user(_ index: Int) -> String { text(rows[index].user, model.users) }

  /// The item's id.
  func item(_ index: Int) -> String { text(rows[index].item, model.items) }

  private func text(_ row: Int32, _ ids: IDIndex) -> String {
    row < 0 ? unknownIDs[-1 - Int(row)] : ids[Int(row)]
  }
}
