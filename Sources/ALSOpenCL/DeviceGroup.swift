import ALS
import OpenCL

/// Trains on several devices of one machine. Each solves a share of the rows of either side, cut by work, and has all factors of
/// both; after a half-step the devices get each other's rows, through the host's memory.
///
/// The shares are equal: devices that are not equally fast wait for the slowest.
public final class DeviceGroup: Backend {
  /// One for each device.
  public let members: [OpenCLBackend]

  /// The devices' names.
  public var name: String { members.map(\.name).joined(separator: " + ") }

  /// - Precondition: there is one at least.
  public init(_ members: [OpenCLBackend]) {
    precondition(!members.isEmpty)
    self.members = members
  }

  /// Compiles the kernels for each device, one after another: the next finds in the store what the last has compiled.
  public func prepare(_ parameters: ALSParameters) throws {
    for member in members { try member.prepare(parameters) }
  }

  /// Brings the ratings of each device's share there, and starts a session on all.
  public func makeSession(data: TrainingData, parameters: ALSParameters, initial: Factors) throws -> any TrainingSession
  {
    try place(data).makeSession(parameters: parameters, initial: initial)
  }

  /// Brings them there with the first session.
  public func place(_ data: TrainingData) -> any PlacedRatings { DeviceGroupRatings(data, group: self) }

  /// What a session would hold in the memory of each device. Allocates and compiles nothing.
  ///
  /// - Throws: ``DeviceMemoryError`` if the problem does not fit on one, `ALSError.rankTooHigh`.
  public func memoryPlans(for data: TrainingData, parameters: ALSParameters) throws -> [MemoryPlan] {
    // Devices in the host's memory share what it has left, beside the area through which rows are exchanged.
    let guests = members.count { $0.device.isInHostMemory }
    let exchange = DeviceGroupSession.exchangeFloats(of: data, parameters: parameters) * MemoryLayout<Float>.size
    let host = HostMemory.availableBytes.map { available in
      (available - min(available, UInt64(exchange))) / UInt64(max(1, guests))
    }
    let limits = members.map { MemoryLimits(of: $0.device, $0.memory, host: host) }
    // Alignments are powers of two: the largest number of rows suits all.
    let atom = limits.reduce(1) { max($0, $1.rowsOfAtom(stride: Tuning.stride(rank: parameters.unknowns))) }
    let shares = RowShare.equal(members.count, of: data, parameters: parameters, rowsOfAtom: atom)
    return try members.indices.map { index in
      try members[index].memoryPlan(
        for: data, parameters: parameters, limits: limits[index], share: shares[index])
    }
  }
}

/// Ratings on the devices of a group. They are brought there again where a session's shares are others than those of the session
/// before: with another rank, for one.
private final class DeviceGroupRatings: PlacedRatings {
  let data: TrainingData
  private let group: DeviceGroup
  private let members: [OpenCLRatings]

  init(_ data: TrainingData, group: DeviceGroup) {
    self.data = data
    self.group = group
    members = group.members.map { OpenCLRatings(data, backend: $0) }
  }

  func makeSession(parameters: ALSParameters, initial: Factors) throws -> any TrainingSession {
    let plans = try group.memoryPlans(for: data, parameters: parameters)
    let sessions = try plans.indices.map { index in
      try group.members[index].session(plans[index], ratings: members[index], parameters: parameters, initial: initial)
    }
    return DeviceGroupSession(sessions, data: data, parameters: parameters)
  }

  /// On the device that has least to spare.
  func memoryDemand(_ parameters: ALSParameters) throws -> MemoryDemand? {
    try group.memoryPlans(for: data, parameters: parameters)
      .map { MemoryDemand(bytes: $0.peakBytes, availableBytes: Int(clamping: $0.limits.totalBytes)) }
      .max { Double($0.bytes) / Double($0.availableBytes) < Double($1.bytes) / Double($1.availableBytes) }
  }

  func evict() { for member in members { member.evict() } }
}
