import ALS
import CGPUALS

/// `gpuals_parameters_init` of the header.
@c(gpuals_parameters_init)
public func initializeParameters(_ parameters: UnsafeMutablePointer<gpuals_parameters>?, _ size: Int) {
  guard let parameters else { return }
  var defaults = gpuals_parameters.defaults
  let known = min(max(0, size), MemoryLayout<gpuals_parameters>.stride)
  defaults.size = known
  withUnsafeBytes(of: defaults) { fields in
    if let start = fields.baseAddress { UnsafeMutableRawPointer(parameters).copyMemory(from: start, byteCount: known) }
  }
}

extension gpuals_parameters {
  /// Those of `gpuals train`.
  static var defaults: gpuals_parameters {
    typealias Default = ALSParameters.Default
    return gpuals_parameters(
      size: MemoryLayout<gpuals_parameters>.stride, rank: Int32(Default.rank), iterations: Int32(Default.iterations),
      regularization: Default.regularization, regularization_exponent: Default.regularizationExponent, implicit: 0,
      alpha: Default.alpha, nonnegative: 0, cg_steps: 0, half_precision: 0, users_first: 0, seed: Default.seed,
      initial_norm: Default.initialNorm, unmeasured: 0)
  }

  /// Those of a caller, whose header may be older: what it does not know is at its default.
  init(_ pointer: UnsafePointer<gpuals_parameters>?) throws(LibraryFailure) {
    guard let pointer else { throw .nullPointer("parameters") }
    let size = pointer.pointee.size
    // Fields before this one are in every header.
    let least = MemoryLayout<gpuals_parameters>.offset(of: \.unmeasured) ?? 0
    guard size >= least, size <= MemoryLayout<gpuals_parameters>.stride else { throw .parametersSize(size) }
    self = .defaults
    withUnsafeMutableBytes(of: &self) { fields in
      fields.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size))
    }
  }
}

extension ALSParameters {
  /// Those of a caller, checked by the one door.
  init(_ pointer: UnsafePointer<gpuals_parameters>?) throws {
    let given = try gpuals_parameters(pointer)
    try self.init(
      rank: Int(given.rank), iterations: Int(given.iterations), regularization: given.regularization,
      regularizationExponent: given.regularization_exponent,
      feedback: given.implicit != 0 ? .implicit(alpha: given.alpha) : .explicit, seed: given.seed,
      solver: given.cg_steps == 0 ? .cholesky : .conjugateGradient(steps: Int(given.cg_steps)),
      nonnegative: given.nonnegative != 0, precision: given.half_precision != 0 ? .float16 : .float32,
      initialNorm: given.initial_norm, firstSide: given.users_first != 0 ? .user : .item)
  }
}

extension CSRMatrix {
  /// A matrix of the caller's, checked and copied.
  init(_ pointer: UnsafePointer<gpuals_csr>?, checksValues: Bool = true) throws(LibraryFailure) {
    guard let given = pointer?.pointee else { throw .nullPointer("ratings") }
    for (name, value) in [("rows", given.rows), ("columns", given.columns)] { try LibraryFailure.check(name, value) }
    let rows = Int(given.rows)
    guard let start = given.offsets else { throw .nullPointer("offsets") }
    let offsets = UnsafeBufferPointer(start: start, count: rows + 1)
    guard offsets[0] == 0, (0..<rows).allSatisfy({ offsets[$0] <= offsets[$0 + 1] }) else { throw .badOffsets }
    let count = Int(offsets[rows])
    guard count == 0 || given.indices != nil else { throw .nullPointer("indices") }
    guard count == 0 || given.values != nil else { throw .nullPointer("values") }
    let columns = UnsafeBufferPointer(start: given.indices, count: count)
    let values = UnsafeBufferPointer(start: given.values, count: count)
    for row in 0..<rows {
      var last = -1
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
        let column = Int(columns[entry])
        guard column >= last, column >= 0, column < Int(given.columns) else {
          throw .badColumn(row: row, column: column, columns: Int(given.columns))
        }
        last = column
        if checksValues, !values[entry].isFinite { throw .badValue(row: row) }
      }
    }
    self.init(
      columnCount: Int(given.columns), rowOffsets: offsets.map { Int($0) }, columnIndices: Array(columns),
      values: Array(values))
  }
}
