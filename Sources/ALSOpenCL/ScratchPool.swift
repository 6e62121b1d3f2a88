import OpenCL

/// Scratch memory that half-steps share, for only one runs at a time: each says what it needs when it is made, and finds it
/// when it is enqueued, once all have said so.
final class ScratchPool {
  /// What the scratch of one kind should stay within, in bytes, if one unit of it does.
  let budgetBytes: Int
  private let context: Context
  private var counts: [String: Int] = [:]
  private var buffers: [String: Buffer<Float>] = [:]

  init(_ context: Context, budgetBytes: Int) {
    self.context = context
    self.budgetBytes = budgetBytes
  }

  /// Makes sure that there will be `count` floats under a name.
  func need(_ count: Int, for what: String) { counts[what] = max(counts[what] ?? 0, count) }

  /// The buffer of a name, allocated at the first call.
  func buffer(for what: String) throws(OpenCLError) -> Buffer<Float> {
    if let buffer = buffers[what] { return buffer }
    let buffer: Buffer<Float> = try Buffer(context, count: counts[what] ?? 0, what: what)
    buffers[what] = buffer
    return buffer
  }

  /// Allocates what has been asked for, so that a lack of memory shows before work begins.
  func allocate() throws(OpenCLError) {
    for what in counts.keys.sorted() { _ = try buffer(for: what) }
  }
}
