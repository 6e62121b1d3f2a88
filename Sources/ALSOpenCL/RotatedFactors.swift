import ALS
import ALSKernels
import OpenCL

/// What the dual form of implicit training reads beside the ratings; see `cpu_dual.cl`.
struct Rotation {
  /// The fixed factors, rotated by the eigenvectors of their Gramian.
  var fixed: FixedFactors
  /// (1 + stride) × stride: eigenvalues, then the eigenvectors as rows.
  var eigen: Buffer<Float>
}

/// The room for rotated fixed factors R = Y Eᵀ, E the eigenvectors of YᵀY as rows.
struct RotatedFactors {
  private let buffers: [Buffer<Float>]
  private let eigen: Buffer<Float>
  /// stride × stride: Eᵀ.
  private let rotation: Buffer<Float>
  private let kernel: Kernel<Buffer<Float>, UInt32, UInt32, Buffer<Float>, Buffer<Float>>
  private let rank: Int

  /// Rows that a work-item rotates at a time.
  private static let rowsPerGroup = 1024

  /// Whether rows so short are worth the rotation, for a side of implicit training with regularization: by the operations that
  /// the dual form saves, against those of rotating all fixed factors and of finding the eigenvectors, which one core does while
  /// the others wait.
  static func pays(
    rows: some RatingRows, fixedRows: Int, parameters: ALSParameters, tuning: Tuning, computeUnits: Int
  ) -> Bool {
    guard case .implicit(let alpha) = parameters.feedback, alpha > 0, parameters.regularization > 0,
      tuning.solver == .cpuCholesky, tuning.dualRows > 0
    else { return false }
    let f = Double(parameters.rank)
    // Factorizations run at half the rate of sums of products.
    func operations(sums: Double, order: Double) -> Double {
      sums + 2 * (order * order * order / 3 + 2 * order * order)
    }
    var saved = 0.0
    for row in 0..<rows.rowCount {
      let count = rows.entries(ofRow: row).count
      guard count > 0, count <= tuning.dualRows else { continue }
      let n = Double(count)
      saved += operations(sums: n * f * (f + 1), order: f)
      saved -= operations(sums: n * n * f + 4 * n * f + 2 * f * f, order: n)
    }
    let cost = 4 * Double(fixedRows) * f * f + 300 * Double(computeUnits) * f * f * f
    return saved > tuning.limits.leastRotationGain * cost
  }

  /// Bytes of each buffer of rotated factors: room for that segment of any of the sides.
  static func bytes(rank: Int, sides: [FactorSegments]) -> [Int] {
    FactorSegments.largestRows(of: sides).map { $0 * Tuning.stride(rank: rank) * MemoryLayout<Float>.size }
  }

  /// - Parameter sides: what will be rotated, one at a time.
  init(
    _ programs: ProgramCache, queue: CommandQueue, rank: Int, precision: FactorPrecision, tuning: Tuning,
    sides: [FactorSegments]
  ) throws(OpenCLError) {
    let program = try programs.program(
      Specialization(source: .cpuRotate, rank: rank, isImplicit: true, precision: precision, tuning: tuning))
    kernel = try Kernel(program, "cpu_rotate")
    var buffers: [Buffer<Float>] = []
    for bytes in Self.bytes(rank: rank, sides: sides) {
      buffers.append(
        try Buffer(queue.context, count: bytes / MemoryLayout<Float>.size, what: "the rotated fixed factors"))
    }
    self.buffers = buffers
    self.rank = rank
    let stride = Tuning.stride(rank: rank)
    eigen = try Buffer(queue.context, count: (1 + stride) * stride, what: "the eigenvectors of the Gramian")
    rotation = try Buffer(queue.context, count: stride * stride, what: "the rotation of the fixed factors")
  }

  /// Enqueues the rotation of all fixed factors, once their Gramian is known. `nil` if that has no finite eigenvectors.
  ///
  /// - Parameter gramian: stride × stride, the upper triangle.
  func rotating(_ fixed: FixedFactors, gramian: Buffer<Float>, on queue: CommandQueue) throws(OpenCLError)
    -> Rotation?
  {
    let stride = Tuning.stride(rank: rank)
    let upper = try queue.read(gramian)
    var matrix = [Double](repeating: 0, count: rank * rank)
    for i in 0..<rank {
      for j in i..<rank {
        matrix[i * rank + j] = Double(upper[i * stride + j])
        matrix[j * rank + i] = Double(upper[i * stride + j])
      }
    }
    guard let decomposition = SymmetricEigenvectors(matrix, order: rank) else { return nil }
    var values = [Float](repeating: 0, count: (1 + stride) * stride)
    var transposed = [Float](repeating: 0, count: stride * stride)
    for k in 0..<stride {
      // Padding is solved for zeros. Rounding alone makes an eigenvalue negative.
      values[k] = k < rank ? Float(max(0, decomposition.values[k])) : 1
    }
    for k in 0..<rank {
      for j in 0..<rank {
        let element = Float(decomposition.vectors[k * rank + j])
        values[(1 + k) * stride + j] = element
        transposed[j * stride + k] = element
      }
    }
    try queue.write(values, to: eigen)
    try queue.write(transposed, to: rotation)
    for segment in 0..<fixed.segments.count {
      let rows = fixed.segments.rows(ofSegment: segment).count
      try kernel.enqueue(
        on: queue, groups: (rows + Self.rowsPerGroup - 1) / Self.rowsPerGroup, groupSize: 1, fixed.buffers[segment],
        UInt32(rows), UInt32(Self.rowsPerGroup), rotation, buffers[segment])
    }
    return Rotation(fixed: FixedFactors(segments: fixed.segments, buffers: buffers), eigen: eigen)
  }

  /// Checks the kernel's arguments against what the compiler saw.
  func checkSignatures() throws(OpenCLError) { try kernel.checkSignature() }
}
