import ALS
import RatingsIO
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Factors and ratings of single users, read from where they stand.
@Suite struct StoredUsersTests {
  let scratch: ScratchDirectory
  let directory: ModelDirectory

  init() throws {
    scratch = try ScratchDirectory()
    directory = ModelDirectory(scratch["model"])
  }

  private func expectEqual(_ users: StoredUsers, _ model: Model) throws {
    #expect(users.count == model.users.count)
    for row in 0..<model.users.count {
      #expect(try users.factors(ofRow: row) == Array(model.factors.user[row]))
      let wanted = model.ratings.map { ratings in
        ratings.entries(ofRow: row).map { (item: Int(ratings.columnIndices[$0]), rating: ratings.values[$0]) }
      }
      let found = try users.ratings(ofRow: row)
      #expect(found.elementsEqual(wanted ?? []) { $0 == $1 })
      #expect(users.ratingCount(ofRow: row) == found.count)
    }
  }

  @Test func `are those of the model, also after another one has taken its place`() throws {
    let model = try sampleModel()
    try directory.save(model)
    let (loaded, users) = try directory.loadWithStoredUsers()
    #expect(loaded.factors == model.factors && loaded.ratings == model.ratings && users.keepsRatings)
    try expectEqual(users, model)
    try directory.save(try sampleModel(seed: 2))
    try expectEqual(users, model)
    try expectEqual(try directory.loadWithStoredUsers().users, try sampleModel(seed: 2))
  }

  @Test func `without ratings there are none`() throws {
    var model = try sampleModel()
    try directory.save(model, keepsRatings: false)
    model.ratings = nil
    let users = try directory.loadWithStoredUsers().users
    #expect(!users.keepsRatings)
    try expectEqual(users, model)
  }

  @Test func `a file that shrinks is an error, and no fault of the process`() throws {
    try directory.save(try sampleModel())
    let users = try directory.loadWithStoredUsers().users
    #expect(truncate(scratch["model/user_factors.npy"], 100) == 0)
    #expect(modelFileError { _ = try users.factors(ofRow: 4) }?.kind == .badData)
  }
}
