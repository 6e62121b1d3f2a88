import ALS
import ALSOpenCL
import ALSTestSupport
import OpenCL
import Testing

/// Several devices that share the rows give what one gives. Here they are one device, opened more than once.
@Suite(.enabled(if: TestDevice.device != nil, TestDevice.absence))
struct DeviceGroupTests {
  private static let data = Result {
    var entries = CSRMatrix.random(rows: 2600, columns: 299, density: 0.06).triples.map {
      ($0.row, $0.column, $0.value)
    }
    // An item that everybody rated: longer than a chunk of the GPU kernels.
    for user in 0..<2600 { entries.append((user, 299, Float(1 + user % 5))) }
    let split = CSRMatrix(rows: 2600, columns: 300, entries).holdingOut(fraction: 0.1, seed: 2)
    return try TrainingData(ratings: split.training, heldOut: split.heldOut)
  }

  private func group(_ count: Int, _ family: KernelFamily, _ memory: MemorySettings = MemorySettings()) throws
    -> DeviceGroup
  {
    DeviceGroup(
      try (0..<count).map { _ in
        try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family, memory: memory)
      })
  }

  private func expectClose(
    _ a: Trainer.Outcome, _ b: Trainer.Outcome, sourceLocation: SourceLocation = #_sourceLocation
  )
    throws
  {
    for side in Side.allCases {
      #expect(
        a.state.factors[side].relativeError(to: b.state.factors[side]) < 1e-5, "\(side)",
        sourceLocation: sourceLocation)
      let biases = zip(a.state.factors.biases?[side] ?? [], b.state.factors.biases?[side] ?? [])
      #expect(biases.allSatisfy { abs($0 - $1) < 1e-5 }, sourceLocation: sourceLocation)
    }
    for (one, other) in zip(a.state.history, b.state.history) {
      for measure in [\IterationRecord.trainRMSE, \.loss, \.testRMSE] {
        let (x, y) = (one[keyPath: measure], other[keyPath: measure])
        #expect((x == nil) == (y == nil), sourceLocation: sourceLocation)
        if let x, let y { #expect(abs(x - y) <= 1e-5 * abs(y), sourceLocation: sourceLocation) }
      }
    }
    #expect(a.state.history.count == b.state.history.count, sourceLocation: sourceLocation)
  }

  private static let variants: [ALSParameters] = {
    let all = [
      try? ALSParameters(rank: 12, iterations: 3),
      try? ALSParameters(rank: 12, iterations: 3, regularizationExponent: 0, feedback: .implicit(alpha: 2)),
      try? ALSParameters(rank: 12, iterations: 3, biases: true),
      try? ALSParameters(rank: 12, iterations: 3, nonnegative: true),
      try? ALSParameters(rank: 12, iterations: 3, solver: .conjugateGradient(steps: 3)),
      try? ALSParameters(rank: 12, iterations: 3, feedback: .implicit(alpha: 2), precision: .float16),
      try? ALSParameters(rank: 12, iterations: 3, regularizationExponent: 0, biases: true, firstSide: .user),
    ]
    return all.compactMap { $0 }
  }()

  @Test(arguments: KernelFamily.allCases, variants)
  func `two devices give what one gives`(family: KernelFamily, parameters: ALSParameters) throws {
    let data = try Self.data.get()
    let one = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family)
    try expectClose(
      Trainer(backend: group(2, family), parameters: parameters).train(data),
      Trainer(backend: one, parameters: parameters).train(data))
  }

  @Test(arguments: KernelFamily.allCases, [3, 7])
  func `more devices than there are blocks of rows leave some of them idle`(family: KernelFamily, count: Int) throws {
    let data = try TrainingData(
      ratings: CSRMatrix(rows: 3, columns: 2, [(0, 0, 3), (1, 0, 1), (1, 1, 2), (2, 1, 5)]))
    let parameters = try ALSParameters(rank: 2, iterations: 3)
    let one = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family)
    try expectClose(
      Trainer(backend: group(count, family), parameters: parameters).train(data),
      Trainer(backend: one, parameters: parameters).train(data))
  }

  @Test(arguments: KernelFamily.allCases)
  func `ratings that each device streams give the same`(family: KernelFamily) throws {
    let data = try Self.data.get()
    let parameters = try ALSParameters(rank: 8, iterations: 2)
    let copied = MemorySettings(copiesRatings: true)
    let whole = try group(2, family, copied).memoryPlans(for: data, parameters: parameters)
    let cap = UInt64(Double(whole.map(\.peakBytes).max() ?? 0) * 0.8)
    let streaming = try group(2, family, MemorySettings(cap: cap, copiesRatings: true))
    #expect(
      try streaming.memoryPlans(for: data, parameters: parameters).allSatisfy { $0.streamedBytesPerIteration > 0 })
    let one = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family)
    let outcome = try Trainer(backend: streaming, parameters: parameters).train(data)
    #expect(outcome.peakDeviceBytes <= 2 * Int(cap))
    try expectClose(outcome, Trainer(backend: one, parameters: parameters).train(data))
  }

  @Test(arguments: [1, 2, 3, 5])
  func `shares are all rows in order, of about equal work, with their ratings alone`(count: Int) throws {
    let data = try Self.data.get()
    let parameters = try ALSParameters(rank: 16)
    let plans = try group(count, .cpu, MemorySettings(copiesRatings: true)).memoryPlans(
      for: data, parameters: parameters)
    for matrix in [RatingMatrix.byUser, .byItem, .heldOut] {
      let blocks = plans.flatMap { $0.blocks[matrix] ?? [] }
      let rows = matrix == .byItem ? data.byItem.rowCount : data.byUser.rowCount
      #expect(blocks.first?.rows.lowerBound == 0 && blocks.last?.rows.upperBound == rows)
      for (block, next) in zip(blocks, blocks.dropFirst()) { #expect(block.rows.upperBound == next.rows.lowerBound) }
    }
    let total = data.byUser.entryCount
    for plan in plans {
      let entries = (plan.blocks[.byUser] ?? []).reduce(0) { $0 + $1.entryCount }
      #expect(abs(Double(entries) * Double(count) / Double(total) - 1) < 0.1)
    }
  }

  @Test(arguments: KernelFamily.allCases)
  func `factors in several buffers on each device give the same`(family: KernelFamily) throws {
    let data = try Self.data.get()
    let parameters = try ALSParameters(rank: 8, iterations: 2, biases: true)
    let small = MemorySettings(copiesRatings: true, largestAllocation: 64 << 10)
    let members = try group(3, family, small)
    #expect(try members.memoryPlans(for: data, parameters: parameters).allSatisfy { $0.userSegments.count > 1 })
    let one = try OpenCLBackend(device: TestDevice.found.get(), kernelFamily: family)
    try expectClose(
      Trainer(backend: members, parameters: parameters).train(data),
      Trainer(backend: one, parameters: parameters).train(data))
  }

  @Test func `rows that are cheap to solve count for little`() throws {
    // A fifth of the users have all ratings, one more user in the same number has one.
    let ratings = CSRMatrix(
      rows: 4000, columns: 100,
      (0..<800).flatMap { row in (0..<100).map { (row, $0, Float(1 + (row + $0) % 5)) } }
        + (800..<1600).map { ($0, $0 % 100, 3) })
    let data = try TrainingData(ratings: ratings)
    let plans = try group(2, .cpu).memoryPlans(for: data, parameters: ALSParameters(rank: 64))
    let first = plans[0].share.user
    #expect((350..<450).contains(first.count), "\(first)")
  }

  @Test func `devices in the host's memory share what it has left`() throws {
    let device = try TestDevice.found.get()
    guard device.isInHostMemory else { return }
    let data = try Self.data.get()
    let parameters = try ALSParameters(rank: 8)
    let alone = try group(1, .cpu).memoryPlans(for: data, parameters: parameters)[0].limits.totalBytes
    let four = try group(4, .cpu).memoryPlans(for: data, parameters: parameters).map(\.limits.totalBytes)
    // What is left changes while other tests run.
    #expect(four.allSatisfy { Double($0) < 0.6 * Double(alone) })
  }

  @Test func `a group goes on from a checkpoint bit for bit`() throws {
    let data = try Self.data.get()
    let whole = try ALSParameters(rank: 6, iterations: 4, earlyStopping: 1)
    let half = try ALSParameters(rank: 6, iterations: 2, earlyStopping: 1)
    let backend = try group(2, .cpu)
    let checkpoint = try Trainer(backend: backend, parameters: half).train(data).state
    let resumed = try Trainer(backend: backend, parameters: whole).train(data, from: checkpoint)
    expectSame(resumed, try Trainer(backend: backend, parameters: whole).train(data))
  }

  @Test func `the lowest row that is singular is named, whichever device has it`() throws {
    // Without regularization the rows with one rating have no unique solution: here items 1 and 398, and not item 0.
    let ratings = CSRMatrix(
      rows: 400, columns: 400,
      (0..<400).flatMap { row in (0..<400).filter { $0 != 1 && $0 != 398 || row == 0 }.map { (row, $0, 1) } })
    let parameters = try ALSParameters(rank: 2, regularization: 0)
    let session = try group(2, .cpu).makeSession(
      data: TrainingData(ratings: ratings), parameters: parameters,
      initial: Factors(user: .random(rows: 400, rank: 2, seed: 1), item: FactorMatrix(zeros: 400, rank: 2)))
    #expect(throws: ALSError.singularSystem(side: .item, row: 1, id: nil)) { try session.update(.item) }
  }

  @Test(arguments: ["", ",", "0,", "0,0", "-1", "0,x", "1.5", " 0"])
  func `what names no devices is refused`(text: String) { #expect(DeviceSelection(text) == nil) }

  @Test func `devices are named by number, one or several`() {
    #expect(DeviceSelection("auto") == .best)
    #expect(DeviceSelection("3") == .indices([3]))
    #expect(DeviceSelection("2,0") == .indices([2, 0]))
    #expect(DeviceSelection("2,0")?.description == "2,0")
    #expect(throws: OpenCLError.self) { try DeviceSelection.indices([0, 1_000_000]).devices() }
  }
}
