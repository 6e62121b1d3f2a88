import ALS
import ALSOpenCL

/// What `train --dry-run` prints: what will be in the device's memory, and what an iteration will do.
struct MemoryPlanReport: Encodable {
  /// Ratings of one matrix.
  struct Ratings: Encodable {
    /// `byUser`, `byItem` or `heldOut`.
    var matrix: RatingMatrix
    var ratings: Int
    var blocks: Int
    /// Bytes by where they are.
    var sharedBytes = 0
    var residentBytes = 0
    var streamedBytes = 0
    var streamedBlocks = 0

    enum CodingKeys: String, CodingKey {
      case matrix, ratings, blocks
      case sharedBytes = "shared_bytes"
      case residentBytes = "resident_bytes"
      case streamedBytes = "streamed_bytes"
      case streamedBlocks = "streamed_blocks"
    }
  }

  /// Memory for one purpose.
  struct Buffer: Encodable {
    var name: String
    var bytes: Int
    var largestBytes: Int

    enum CodingKeys: String, CodingKey {
      case name, bytes
      case largestBytes = "largest_bytes"
    }
  }

  var device: String
  var users: Int
  var items: Int
  var rank: Int
  var ratings: [Ratings]
  var buffers: [Buffer]
  var peakDeviceBytes: Int
  var deviceMemoryBytes: UInt64
  var largestBufferBytes: UInt64
  var streamedBytesPerIteration: Int
  /// Additions and multiplications of the exact solver, in 10⁹; `nil` for other solvers.
  var gigaflopPerIteration: Double?
  private var isCap: Bool

  enum CodingKeys: String, CodingKey {
    case device, users, items, rank, ratings, buffers
    case peakDeviceBytes = "peak_device_bytes"
    case deviceMemoryBytes = "device_memory_bytes"
    case largestBufferBytes = "largest_buffer_bytes"
    case streamedBytesPerIteration = "streamed_bytes_per_iteration"
    case gigaflopPerIteration = "gigaflop_per_iteration"
  }

  init(_ plan: MemoryPlan, data: TrainingData, parameters: ALSParameters, device: String) {
    self.device = device
    users = data.byUser.rowCount
    items = data.byItem.rowCount
    rank = parameters.rank
    ratings = RatingMatrix.allCases.compactMap { matrix in
      plan.blocks[matrix].map { blocks in
        var entry = Ratings(matrix: matrix, ratings: blocks.reduce(0) { $0 + $1.entryCount }, blocks: blocks.count)
        for block in blocks {
          let bytes = block.entryCount * MemoryPlan.bytesPerEntry
          switch block.placement {
          case .shared: entry.sharedBytes += bytes
          case .resident: entry.residentBytes += bytes
          case .streamed:
            entry.streamedBytes += bytes
            entry.streamedBlocks += 1
          }
        }
        return entry
      }
    }
    buffers = plan.items.map { Buffer(name: $0.name, bytes: $0.bytes, largestBytes: $0.largestBytes) }
    peakDeviceBytes = plan.peakBytes
    deviceMemoryBytes = plan.limits.totalBytes
    largestBufferBytes = plan.limits.allocationBytes
    streamedBytesPerIteration = plan.streamedBytesPerIteration
    isCap = plan.limits.isCap
    gigaflopPerIteration = Self.gigaflop(plan, parameters: parameters)
  }

  /// nnz·f·(f + 1) for half a Gramian and 2·nnz·f for the right side of both half-steps, f³/3 + 2f² to solve each row.
  private static func gigaflop(_ plan: MemoryPlan, parameters: ALSParameters) -> Double? {
    guard case .cholesky = parameters.solver else { return nil }
    let f = Double(parameters.rank)
    let blocks = [RatingMatrix.byUser, .byItem].flatMap { plan.blocks[$0] ?? [] }
    let ratings = Double(blocks.reduce(0) { $0 + $1.entryCount })
    let rows = Double(blocks.reduce(0) { $0 + $1.rows.count })
    return (ratings * f * (f + 3) + rows * (f * f * f / 3 + 2 * f * f)) / 1e9
  }

  /// For people: a table and what it comes to.
  func text() -> String {
    var table = TextTable([("memory on the device for", .left), ("in all", .right), ("largest buffer", .right)])
    table.rows = buffers.filter { $0.bytes > 0 }.map { buffer in
      [buffer.name, Quantity.bytes(UInt64(buffer.bytes)), Quantity.bytes(UInt64(buffer.largestBytes))]
    }
    table.rows.append(["together", Quantity.bytes(UInt64(peakDeviceBytes)), ""])
    var lines = [
      "\(device): rank \(rank), \(Quantity.counted(users, "user")), \(Quantity.counted(items, "item"))",
      "at most \(Quantity.bytes(deviceMemoryBytes)) \(isCap ? "by --device-memory" : "to spare there"),"
        + " \(Quantity.bytes(largestBufferBytes)) in one buffer",
    ]
    for entry in ratings {
      var parts: [String] = []
      if entry.sharedBytes > 0 {
        parts.append("\(Quantity.bytes(UInt64(entry.sharedBytes))) read in the host's memory")
      }
      if entry.residentBytes > 0 { parts.append("\(Quantity.bytes(UInt64(entry.residentBytes))) resident") }
      if entry.streamedBytes > 0 {
        parts.append(
          "\(Quantity.bytes(UInt64(entry.streamedBytes))) streamed in \(Quantity.counted(entry.streamedBlocks, "block"))"
        )
      }
      lines.append(
        "\(entry.matrix.description), \(Quantity.grouped(entry.ratings)): "
          + (parts.isEmpty ? "nothing" : parts.joined(separator: ", ")))
    }
    lines.append("")
    var work = gigaflopPerIteration.map { "an iteration computes \(Quantity.significant($0)) GFLOP" }
    if streamedBytesPerIteration > 0 {
      let bytes = "brings \(Quantity.bytes(UInt64(streamedBytesPerIteration))) to the device"
      work = work.map { "\($0) and \(bytes)" } ?? "an iteration \(bytes)"
    }
    return lines.joined(separator: "\n") + "\n" + table.text() + (work.map { "\n\($0)\n" } ?? "")
  }
}
