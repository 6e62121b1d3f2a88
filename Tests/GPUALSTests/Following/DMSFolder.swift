/// Changes to the sample's ratings as AWS DMS writes them: a full load, and three files of changes that build on each other.
enum DMSFolder {
  /// Names of the files, in the order of their commits.
  static let names = [
    "LOAD00000001.csv", "20261127-100000000.csv", "2026/11/27/20261127-100100000.csv", "20261127-100200000.csv",
  ]

  /// What is in them.
  static let contents = [
    SampleWorkspace.ratings.replacing("\t", with: ","),
    // Someone new, and something that user 1 has never rated.
    "I,nina,105,5\nI,nina,106,5\nU,1,109,1\nI,1,200,4\n",
    // All of nina's but one; 1 takes back what he said.
    "D,nina,105,5\nU,1,109,5\nU,nina,106,2\nI,2,200,3\n",
    "I,nina,105,1\nD,1,200,4\nU,1,109,2\nI,max,101,5\n",
  ]

  /// What all of it comes to, as rows that `update` takes, and pairs that it deletes.
  static let net = "nina\t105\t1\nnina\t106\t2\n1\t109\t2\n2\t200\t3\nmax\t101\t5\n"

  /// Puts some of them into a directory.
  static func write(_ numbers: [Int], to directory: String = "dms/shop/ratings", in workspace: Workspace) throws {
    for number in numbers {
      try workspace.write(contents[number], to: "\(directory)/\(names[number])")
    }
  }

  /// The files that tell two models apart.
  static let files = ["users.txt", "items.txt", "ratings.npz", "user_factors.npy", "item_factors.npy"]

  /// The bytes of a model, but for its history.
  static func bytes(of model: String, in workspace: Workspace) throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: files.map { ($0, Array(try workspace.readBytes("\(model)/\($0)"))) })
  }
}
