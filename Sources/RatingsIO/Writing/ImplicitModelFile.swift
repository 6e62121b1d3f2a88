import ALS

/// The file that `AlternatingLeastSquares.load` of implicit 0.7 reads: a NumPy archive of factors and settings. It has no ids: row k
/// belongs to the k-th id of the model.
public enum ImplicitModelFile {
  /// Writes a model; the file appears whole or not at all.
  ///
  /// - Throws: ``ModelFileError`` where writing fails.
  public static func write(_ model: Model, to path: String) throws {
    let file = try AtomicFile(path)
    try file.writing { file in
      var archive = ZIPArchiveWriter(file)
      func add<Value: BitwiseCopyable>(_ name: String, _ type: String, _ values: [Value], shape: [Int] = []) throws {
        try values.withUnsafeBytes {
          try archive.add(name: name + ".npy", head: NPYHeader(elementType: type, shape: shape).bytes, body: $0)
        }
      }
      let (parameters, factors) = (model.parameters, model.factors)
      try add("user_factors", "<f4", factors.user.values, shape: [factors.user.rowCount, factors.user.rank])
      try add("item_factors", "<f4", factors.item.values, shape: [factors.item.rowCount, factors.item.rank])
      try add("regularization", "<f8", [parameters.regularization])
      try add("factors", "<i8", [Int64(parameters.rank)])
      try add("num_threads", "<i8", [Int64(0)])
      try add("iterations", "<i8", [Int64(parameters.iterations)])
      try add("use_native", "|b1", [UInt8(1)])
      try add("use_cg", "|b1", [UInt8(parameters.solver == .cholesky ? 0 : 1)])
      try add("cg_steps", "<i8", [Int64(max(1, parameters.solver.steps))])
      try add("calculate_training_loss", "|b1", [UInt8(0)])
      try add("dtype", "<U7", "float32".unicodeScalars.map(\.value))
      try add("random_state", "<i8", [Int64(truncatingIfNeeded: parameters.seed & 0x7FFF_FFFF)])
      if case .implicit(let alpha) = parameters.feedback { try add("alpha", "<f8", [alpha]) }
      try archive.finish()
    }
    try file.commit()
  }
}
