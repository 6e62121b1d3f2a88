/// Ratings small enough to be read by eye: 12 users and 9 items in two camps. Users 1…6 like items 101…104, users 7…12 like
/// 105…108; everyone has rated item 109.
enum SampleWorkspace {
  /// `ratings.tsv`.
  static let ratings: String = {
    var text = ""
    for user in 1...12 {
      for item in 101...108 where (user + item) % 4 != 0 {
        let likes = (user <= 6) == (item <= 104)
        text += "\(user)\t\(item)\t\(likes ? 5 - (user + item) % 2 : 1 + (user + item) % 2)\n"
      }
      text += "\(user)\t109\t3\n"
    }
    return text
  }()

  /// `names.tsv`; two items share a name.
  static let names = "101\tÉtude\n102\tBobby \"O\"\n103\tTwin\n104\tTwin\n105\tFive\n106\tSix\n107\tSeven\n108\tEight\n"

  /// A workspace with both files.
  static func make() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(ratings, to: "ratings.tsv")
    try workspace.write(names, to: "names.tsv")
    return workspace
  }

  /// Arguments that train on `ratings.tsv` into `model` in a moment, on any machine.
  static let train = [
    "train", "ratings.tsv", "--model", "model", "--device", "reference", "--rank", "3", "--iterations", "4", "--quiet",
  ]

  /// A workspace with a model as well.
  static func trained(_ more: [String] = []) throws -> Workspace {
    let workspace = try make()
    let outcome = try GPUALSProgram.run(train + more, in: workspace)
    guard outcome.status == 0 else { throw RunningProgram.Failure(what: outcome.errors) }
    return workspace
  }
}
