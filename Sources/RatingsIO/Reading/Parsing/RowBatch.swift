/// Rows of integer ids that were parsed and wait for their numbers.
struct RowBatch: ~Copyable {
  /// Enough to hide the latency of memory, few enough to stay in the first-level cache.
  static let capacity = 128

  var count = 0
  let users = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
  let items = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
  let values = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
  /// Numbers of the items.
  let locals = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)

  deinit {
    users.deallocate()
    items.deallocate()
    values.deallocate()
    locals.deallocate()
  }
}
