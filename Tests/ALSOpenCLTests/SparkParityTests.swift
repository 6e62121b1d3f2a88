import ALS
import ALSTestSupport
import Testing

/// Training from Spark's start comes to Spark's factors: those of PySpark 4.0 in Tests/Fixtures/spark.
struct SparkParityTests {
  /// Largest difference of two factors, in units of the largest one. Both add up in 64 bits where the reference does; devices add in 32.
  private static func tolerance(_ backend: BackendUnderTest) -> Float { backend == .reference ? 1e-5 : 1e-3 }

  @Test(arguments: SparkFixture.names, BackendUnderTest.available)
  func `training comes to the factors of Spark`(name: String, backend: BackendUnderTest) throws {
    let fixture = try SparkFixture(name)
    let data = try TrainingData(ratings: fixture.ratings, users: fixture.users)
    let trainer = Trainer(backend: try backend.make(), parameters: fixture.parameters, measuresTraining: false)
    let found = try trainer.train(data).state.factors
    let bound = Self.tolerance(backend)
    let (user, item) = (
      found.user.largestDifference(from: fixture.factors.user), found.item.largestDifference(from: fixture.factors.item)
    )
    #expect(user <= bound && item <= bound, "\(user), \(item)")
  }

  @Test func `what it is compared with is no matter of course`() throws {
    let fixture = try SparkFixture("nonnegative")
    // Both bounds are at work in it: some factors are zero, others are not.
    let zeros = fixture.factors.user.values.count { $0 == 0 }
    #expect(zeros > 10 && zeros < fixture.factors.user.values.count / 2)
    let data = try TrainingData(ratings: fixture.ratings, users: fixture.users)
    let parameters = fixture.parameters
    let otherwise = try ALSParameters(
      rank: parameters.rank, iterations: parameters.iterations, regularization: parameters.regularization,
      seed: parameters.seed, nonnegative: true, initialization: .spark(userBlocks: 1))
    let found = try Trainer(backend: BackendUnderTest.reference.make(), parameters: otherwise).train(data).state.factors
    #expect(found.user.largestDifference(from: fixture.factors.user) > 1e-2)
    let signed = try SparkFixture("implicit-signed").ratings.values
    #expect(signed.contains { $0 < 0 } && signed.contains(0) && signed.contains { $0 > 0 })
    let twice = try SparkFixture("explicit-duplicates").ratings
    #expect(
      (0..<twice.rowCount).contains {
        Set(twice.columnIndices[twice.entries(ofRow: $0)]).count < twice.entries(ofRow: $0).count
      })
  }
}
