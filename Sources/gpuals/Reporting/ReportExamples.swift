import ALS

/// The users and items that a report shows.
struct ReportExamples {
  var users: [Int]
  var items: [Int]

  private static let itemCount = 6
  /// Items nearer than this show the same neighbourhood twice.
  private static let mostAlike: Float = 0.5

  /// - Parameters:
  ///   - users: their ids; without any, users of different activity are chosen.
  ///   - items: their ids or names; without any, popular items that differ.
  init(_ material: ReportMaterial, users: [String], items: [String], model: String) throws {
    let userIDs = IDSelection(kind: "user", ids: material.model.users, model: model)
    let itemIDs = ItemSelection(loaded: material.model, model: model)
    self.users = try users.isEmpty ? Self.typicalUsers(material) : users.map { try userIDs.row(of: $0) }
    self.items = try items.isEmpty ? Self.differentItems(material) : items.map { try itemIDs.row(of: $0) }
  }

  /// Users with fewer ratings than most, as many, more, and far more.
  private static func typicalUsers(_ material: ReportMaterial) -> [Int] {
    guard let ratings = material.ratings else { return Array(material.listedUsers.prefix(4)) }
    let byActivity = material.listedUsers.filter { ratings.entries(ofRow: $0).count >= 3 }
      .sorted { (ratings.entries(ofRow: $0).count, $0) < (ratings.entries(ofRow: $1).count, $1) }
    guard !byActivity.isEmpty else { return Array(material.listedUsers.prefix(4)) }
    var chosen: [Int] = []
    for share in [0.25, 0.5, 0.75, 0.95] {
      let user = byActivity[Int(share * Double(byActivity.count - 1))]
      if !chosen.contains(user) { chosen.append(user) }
    }
    return chosen
  }

  /// The most popular item, and on through the others, each unlike those before it.
  private static func differentItems(_ material: ReportMaterial) -> [Int] {
    let popularities = material.popularities ?? material.frequencies
    let ranked = popularities.indices.sorted { (-popularities[$0], $0) < (-popularities[$1], $1) }
    var chosen: [Int] = []
    for item in ranked.prefix(2000) where chosen.count < itemCount {
      let isNew = chosen.allSatisfy { other in
        (material.model.factors.item.cosine(item, other) ?? 1) < mostAlike
      }
      if isNew { chosen.append(item) }
    }
    return chosen
  }
}

extension FactorMatrix {
  /// The cosine of the angle between two rows; `nil` where one is zero.
  fileprivate func cosine(_ first: Int, _ second: Int) -> Float? {
    let (a, b) = (self[first], self[second])
    var (dot, aa, bb) = (Float(0), Float(0), Float(0))
    for (x, y) in zip(a, b) {
      dot += x * y
      aa += x * x
      bb += y * y
    }
    return aa > 0 && bb > 0 ? dot / (aa * bb).squareRoot() : nil
  }
}
