import ALS
import Testing

struct ALSParametersTests {
  /// Values that are refused: the option, the value and the requirement as the message says them.
  private func expectRefusal(
    _ name: String, _ value: String, _ requirement: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ make: () throws -> ALSParameters
  ) {
    let error = #expect(throws: ALSError.self, sourceLocation: sourceLocation) { try make() }
    #expect(
      error == .invalidParameter(name: name, value: value, requirement: requirement), sourceLocation: sourceLocation)
    #expect(
      error?.description == "--\(name) is \(value), but must be \(requirement)", sourceLocation: sourceLocation)
  }

  @Test func `the defaults are those of the command line`() throws {
    let parameters = try ALSParameters()
    #expect(parameters.rank == 64)
    #expect(parameters.iterations == 10)
    #expect(parameters.regularization == 0.1)
    #expect(parameters.regularizationExponent == 1)
    #expect(parameters.feedback == .explicit)
    #expect(parameters.seed == 42)
  }

  @Test(arguments: [0, -1, Int.min])
  func `a rank below one is refused`(rank: Int) {
    expectRefusal("rank", "\(rank)", "a whole number of at least 1") { try ALSParameters(rank: rank) }
  }

  @Test func `a rank above the maximum is refused, and the maximum is not`() throws {
    expectRefusal("rank", "4097", "at most 4096") { try ALSParameters(rank: 4097) }
    #expect(try ALSParameters(rank: 4096).rank == 4096)
    #expect(try ALSParameters(rank: 1).rank == 1)
  }

  @Test(arguments: [0, -3])
  func `fewer than one iteration is refused`(iterations: Int) throws {
    expectRefusal("iterations", "\(iterations)", "a whole number of at least 1") {
      try ALSParameters(iterations: iterations)
    }
    #expect(try ALSParameters(iterations: 1).iterations == 1)
  }

  @Test(arguments: [-0.1, -Double.infinity, .infinity, .nan, 1.1e9])
  func `a regularization outside its range is refused`(regularization: Double) {
    expectRefusal("regularization", "\(regularization)", "a number from 0 to 1000000000.0") {
      try ALSParameters(regularization: regularization)
    }
  }

  @Test(arguments: [-0.5, 2.01, .nan, .infinity])
  func `a regularization exponent outside its range is refused`(exponent: Double) {
    expectRefusal("regularization-exponent", "\(exponent)", "a number from 0 to 2") {
      try ALSParameters(regularizationExponent: exponent)
    }
  }

  @Test(arguments: [-1, 1.1e9, .nan, Double.infinity])
  func `an alpha outside its range is refused`(alpha: Double) {
    expectRefusal("alpha", "\(alpha)", "a number from 0 to 1000000000.0") {
      try ALSParameters(feedback: .implicit(alpha: alpha))
    }
  }

  @Test(arguments: [0, 1e9])
  func `the bounds of the weights themselves are allowed`(weight: Double) throws {
    let parameters = try ALSParameters(regularization: weight, feedback: .implicit(alpha: weight))
    #expect(parameters.regularization == weight)
    #expect(parameters.feedback == .implicit(alpha: weight))
    for exponent in [0.0, 2] {
      #expect(try ALSParameters(regularizationExponent: exponent).regularizationExponent == exponent)
    }
  }

  @Test func `the first parameter out of range is the one that is named`() {
    expectRefusal("iterations", "0", "a whole number of at least 1") {
      try ALSParameters(rank: 1, iterations: 0, regularization: -1, feedback: .implicit(alpha: -1))
    }
  }
}
