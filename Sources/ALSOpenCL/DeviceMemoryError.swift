import ALS

/// A problem that does not fit the memory of a device, found out before anything is allocated.
public enum DeviceMemoryError: Error, Sendable, Equatable {
  /// Even with all ratings streamed, more is needed than there may be used. `factors` is the part that no streaming saves.
  case tooLittle(needed: UInt64, factors: UInt64, available: UInt64, isCap: Bool, rank: Int, device: String)
  /// The factors of a side need more buffers than kernels take, each as large as the device allows.
  case factorsTooLarge(side: Side, bytes: UInt64, limit: UInt64, rank: Int, device: String)
  /// The ratings of a row need a larger buffer than the device allows.
  case rowTooLong(what: String, row: Int, ratings: Int, limit: UInt64, device: String)
}

extension DeviceMemoryError: CustomStringConvertible {
  /// One sentence: what, where, and the remedy.
  public var description: String {
    switch self {
    case .tooLittle(let needed, let factors, let available, let isCap, let rank, let device):
      let remedy = "lower --rank" + (isCap ? ", or raise --device-memory" : ", free memory, or use another --device")
      return
        "training at --rank \(rank) needs at least \(needed) bytes (\(Self.mebibytes(needed))) on \(device),"
        + " \(Self.mebibytes(factors)) of them for the factors of users and items, but may use"
        + " \(isCap ? "the" : "only the available") \(Self.mebibytes(available))"
        + " \(isCap ? "of --device-memory" : "there"): \(remedy)"
    case .factorsTooLarge(let side, let bytes, let limit, let rank, let device):
      return
        "the \(side.rawValue) factors take \(Self.mebibytes(bytes)) at --rank \(rank), more than \(FactorSegments.most)"
        + " buffers of the \(Self.mebibytes(limit)) that \(device) allows for one: lower --rank, or use another --device"
    case .rowTooLong(let what, let row, let ratings, let limit, let device):
      return
        "\(what): the rows from \(row) on have \(ratings) ratings, more than fit the \(Self.mebibytes(limit)) that"
        + " \(device) allows for one buffer: use another --device"
    }
  }

  private static func mebibytes(_ bytes: UInt64) -> String {
    // Rounded up: what is said to be needed must suffice.
    "\((bytes + (1 << 20) - 1) >> 20) MiB"
  }
}
