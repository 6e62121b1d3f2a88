import ALS
import Dispatch
import OpenCL
import Synchronization

/// Half-steps on several devices at once: each device is driven by a thread of its own.
final class DeviceGroupSession: TrainingSession {
  private let members: [OpenCLSession]
  private let queues: [DispatchQueue]
  /// What runs on one device after another the first time. pocl before 4 loads a kernel twice if two of its devices call for it
  /// first at the same time, and aborts on that.
  private var untried: Set<Work>

  private enum Work: CaseIterable {
    case users, items, loss, heldOut
  }

  /// Where the devices leave rows for each other: the factors of a side, as wide as on the devices, and behind them its biases.
  private let exchange: UnsafeMutableBufferPointer<Float>

  /// - Parameter members: sessions on the same ratings and factors, whose shares are all rows together.
  init(_ members: [OpenCLSession], data: TrainingData, parameters: ALSParameters) {
    self.members = members
    untried = Set(members.contains { $0.queue.context.device.platform.isPocl } ? Work.allCases : [])
    queues = members.indices.map { DispatchQueue(label: "gpuals.device.\($0)") }
    exchange = .allocate(capacity: Self.exchangeFloats(of: data, parameters: parameters))
  }

  /// What ``exchange`` has room for.
  static func exchangeFloats(of data: TrainingData, parameters: ALSParameters) -> Int {
    let rows = max(data.byUser.rowCount, data.byItem.rowCount)
    return rows * (Tuning.stride(rank: parameters.unknowns) + (parameters.biases ? 1 : 0))
  }

  deinit { exchange.deallocate() }

  func update(_ side: Side, gramian: FactorMatrix?) throws {
    try onEach(side == .user ? .users : .items) { member in try member.update(side, gramian: gramian) }
    guard members.count > 1 else { return }
    let factors = members[0].deviceFactors(of: side)
    let length = factors.rowCount * factors.stride
    // Each thread touches its own rows of the area, and then all read it.
    nonisolated(unsafe) let rows = UnsafeMutableBufferPointer(rebasing: exchange[..<length])
    nonisolated(unsafe) let biases = UnsafeMutableBufferPointer(rebasing: exchange[length...])
    try onEach { member in
      let share = member.plan.share[side]
      try member.deviceFactors(of: side).read(share, into: rows, from: member.queue)
      if let buffer = member.biases?[side], !share.isEmpty {
        try member.queue.read(
          buffer, offset: share.lowerBound, into: UnsafeMutableBufferPointer(rebasing: biases[share]))
      }
    }
    try onEach { member in
      let share = member.plan.share[side]
      let factors = member.deviceFactors(of: side)
      for part in [0..<share.lowerBound, share.upperBound..<factors.rowCount] where !part.isEmpty {
        try factors.write(part, of: UnsafeBufferPointer(rows), on: member.queue)
        if let buffer = member.biases?[side] {
          try member.queue.write(
            UnsafeBufferPointer(rebasing: biases[part]), to: buffer, offset: part.lowerBound)
        }
      }
    }
  }

  func loss() throws -> Loss {
    let parts = try onEach(.loss) { member in try member.lossOfShare() }
    var loss = Loss(error: try members[0].squaredScores(), regularization: 0)
    for part in parts {
      loss.error += part.error
      loss.regularization += part.regularization
    }
    return loss
  }

  func heldOutSquaredError() throws -> Double {
    try onEach(.heldOut) { member in try member.heldOutSquaredError() }.reduce(0, +)
  }

  func factors(of side: Side) throws -> FactorMatrix { try members[0].factors(of: side) }

  func biases(of side: Side) throws -> [Float]? { try members[0].biases(of: side) }

  /// On all devices together.
  var peakDeviceBytes: Int { members.reduce(0) { $0 + $1.peakDeviceBytes } }

  /// What `body` returns on each device, at the same time. Of several errors about rows, that about the lowest is thrown.
  @discardableResult
  private func onEach<Value: Sendable>(
    _ work: Work? = nil, _ body: @Sendable (OpenCLSession) throws -> Value
  ) throws -> [Value] {
    let isFirst = work.map { untried.remove($0) != nil } ?? false
    // Each member is used by one thread at a time.
    nonisolated(unsafe) let members = self.members
    let outcomes = Mutex<[Int: Result<Value, any Error>]>([:])
    withoutActuallyEscaping(body) { body in
      let group = DispatchGroup()
      for index in members.indices {
        queues[index].async(group: group) {
          let outcome = Result { try body(members[index]) }
          outcomes.withLock { $0[index] = outcome }
        }
        if isFirst { group.wait() }
      }
      group.wait()
    }
    let results = outcomes.withLock { $0 }
    let errors = members.indices.compactMap { index -> (any Error)? in
      if case .failure(let error)? = results[index] { error } else { nil }
    }
    // Shares ascend; but as on one device, a row that overflows is told before one that is singular.
    if let error = errors.first(where: { if case ALSError.overflow? = $0 as? ALSError { true } else { false } })
      ?? errors.first
    {
      throw error
    }
    return try members.indices.compactMap { try results[$0]?.get() }
  }
}
