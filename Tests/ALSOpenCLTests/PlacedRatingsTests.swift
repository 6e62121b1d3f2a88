import ALS
import ALSOpenCL
import ALSReference
import ALSTestSupport
import Dispatch
import OpenCL
import Synchronization
import Testing

/// Several sessions on one upload of the ratings.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct PlacedRatingsTests {
  private static let data = Result {
    let split = CSRMatrix.random(rows: 1600, columns: 300, density: 0.1).holdingOut(fraction: 0.1, seed: 2)
    return try TrainingData(ratings: split.training, heldOut: split.heldOut)
  }

  private func open(_ family: KernelFamily, cap: UInt64? = nil) throws -> OpenCLBackend {
    try OpenCLBackend(
      device: TestDevice.found.get(), kernelFamily: family, memory: MemorySettings(cap: cap, copiesRatings: true))
  }

  @Test(arguments: KernelFamily.allCases)
  func `sessions at once and one after another give what each gives alone`(family: KernelFamily) throws {
    let data = try Self.data.get()
    let all = try [4, 8, 12].flatMap { rank in
      try [0.05, 0.5].map { try ALSParameters(rank: rank, iterations: 3, regularization: $0) }
    }
    let alone = try all.map { parameters in
      try Trainer(backend: open(family), parameters: parameters).train(data)
    }
    let backend = try open(family)
    let placed = backend.place(data)
    for (parameters, expected) in zip(all, alone) {
      expectSame(try Trainer(backend: backend, parameters: parameters).train(placed), expected)
    }
    let together = Mutex<[Int: Result<Trainer.Outcome, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: all.count) { index in
      let outcome = Result { try Trainer(backend: backend, parameters: all[index]).train(placed) }
      together.withLock { $0[index] = outcome }
    }
    for index in all.indices {
      let outcome = try #require(together.withLock { $0[index] })
      expectSame(try outcome.get(), alone[index])
    }
  }

  @Test func `the second session takes no memory for ratings, until they are evicted`() throws {
    let data = try Self.data.get()
    let backend = try open(.cpu)
    let parameters = try ALSParameters(rank: 8, iterations: 1)
    let placed = backend.place(data)
    func peak(_ parameters: ALSParameters) throws -> Int {
      // What is there already counts from the start of a session.
      try Trainer(backend: backend, parameters: parameters).train(placed).peakDeviceBytes
    }
    let wanted = try placed.memoryDemand(parameters)
    let demand = try #require(wanted)
    #expect(demand.bytes <= demand.availableBytes)
    do {
      let first = try placed.makeSession(parameters: parameters, initial: .initial(for: data, parameters: parameters))
      let alone = first.peakDeviceBytes
      let second = try placed.makeSession(parameters: parameters, initial: .initial(for: data, parameters: parameters))
      let ratings = (2 * data.byUser.entryCount + (data.heldOut?.entryCount ?? 0)) * 8
      #expect(alone > ratings)
      #expect(second.peakDeviceBytes < 2 * alone - ratings, "both share the ratings")
      withExtendedLifetime((first, second)) {}
    }
    placed.evict()
    #expect(try peak(parameters) <= demand.bytes)
  }

  @Test func `ratings that do not fit are streamed by each session`() throws {
    let data = try Self.data.get()
    let parameters = try ALSParameters(rank: 8, iterations: 2)
    let resident = try open(.cpu)
    let wanted = try resident.place(data).memoryDemand(parameters)
    let cap = UInt64(try #require(wanted).bytes) * 9 / 10
    let capped = try open(.cpu, cap: cap)
    let placed = capped.place(data)
    for _ in 0..<2 {
      expectSame(
        try Trainer(backend: capped, parameters: parameters).train(placed),
        try Trainer(backend: resident, parameters: parameters).train(data))
    }
  }

  @Test func `without the training error an iteration is the same, and records leave it out`() throws {
    let data = try Self.data.get()
    let parameters = try ALSParameters(rank: 4, iterations: 2)
    let full = try Trainer(backend: open(.cpu), parameters: parameters).train(data)
    let lean = try Trainer(backend: open(.cpu), parameters: parameters, measuresTraining: false).train(data)
    #expect(lean.state.factors == full.state.factors)
    #expect(lean.state.history.map(\.testRMSE) == full.state.history.map(\.testRMSE))
    #expect(lean.state.history.allSatisfy { $0.trainRMSE == nil })
  }
}
