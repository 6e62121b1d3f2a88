import ALS

extension ModelDirectory {
  /// Reads `model.json` alone.
  ///
  /// - Throws: ``ModelFileError`` as ``load(_:)`` does.
  public func loadManifest() throws -> ModelManifest {
    if let remote { return try remote.withCopy(of: []) { try $0.loadManifest() } }
    return try ModelSnapshot(of: path, required: [], optional: []).manifest
  }

  /// Reads a model, and checks that its parts fit each other. Parts that are not asked for are empty, or `nil`; so are
  /// names and ratings where the model has none.
  ///
  /// - Throws: ``ModelFileError``: of the kind `noInput` where there is no model, else `badData` or `ioError` naming the file
  ///   that is damaged.
  /// - Complexity: one read of the files asked for, on all cores, into the arrays of the model.
  public func load(_ parts: ModelParts = .all) throws -> Model {
    let (required, optional) = Self.fileNames(of: parts)
    if let remote { return try remote.withCopy(of: required + optional) { try $0.load(parts) } }
    return try load(ModelSnapshot(of: path, required: required, optional: optional), parts)
  }

  /// Reads and checks a model without what only the next update stands on, and gives the way to its users' factors and ratings where they
  /// stand, so that who asks for one user at a time need not hold those of all.
  ///
  /// - Throws: ``ModelFileError`` as ``load(_:)`` does.
  package func loadWithStoredUsers() throws -> (model: Model, users: StoredUsers) {
    let parts: ModelParts = [.factors, .ids, .names, .ratings]
    let (required, optional) = Self.fileNames(of: parts)
    if let remote { return try remote.withCopy(of: required + optional) { try $0.loadWithStoredUsers() } }
    let snapshot = try ModelSnapshot(of: path, required: required, optional: optional)
    let model = try load(snapshot, parts)
    guard let factors = snapshot.file(ModelFileName.userFactors) else {
      throw ModelFileError.damaged(file: FilePath.join(path, ModelFileName.userFactors), reason: "the file is missing")
    }
    var ratings: (ReadableFile, CSRMatrix)?
    if let matrix = model.ratings, let file = snapshot.file(ModelFileName.ratings) { ratings = (file, matrix) }
    return (
      model,
      try StoredUsers(factors: factors, count: model.users.count, rank: model.parameters.rank, ratings: ratings)
    )
  }

  private func load(_ snapshot: ModelSnapshot, _ parts: ModelParts) throws -> Model {
    let manifest = snapshot.manifest
    let manifestPath = FilePath.join(path, ModelManifest.fileName)
    let parameters: ALSParameters
    do {
      parameters = try manifest.parameters.validated()
    } catch {
      throw ModelFileError.damaged(file: manifestPath, reason: "\(error)")
    }
    guard let fingerprint = manifest.fingerprint else {
      throw ModelFileError.damaged(file: manifestPath, reason: "ratings_fingerprint is not a hexadecimal number")
    }

    if let best = manifest.bestIteration, !(0...manifest.iterations.count).contains(best) {
      throw ModelFileError.damaged(file: manifestPath, reason: "best_iteration is \(best), beyond its iterations")
    }

    func factors(_ name: String, _ rowCount: Int) throws -> FactorMatrix {
      guard let file = snapshot.file(name) else { return FactorMatrix(zeros: 0, rank: parameters.rank) }
      return try FactorMatrix(npy: file, rowCount: rowCount, rank: parameters.rank)
    }
    func biases() throws -> Biases? {
      guard parameters.biases else { return nil }
      guard let mean = manifest.globalMean, Float(mean).isFinite else {
        throw ModelFileError.damaged(file: manifestPath, reason: "global_mean is missing")
      }
      func read(_ name: String, _ count: Int) throws -> [Float] {
        guard let file = snapshot.file(name) else {
          throw ModelFileError.damaged(
            file: manifestPath, reason: "it says that there are biases, but \(name) is missing")
        }
        let biases = try [Float](npy: file, shape: [count])
        guard biases.areFinite else {
          throw ModelFileError.damaged(file: file.path, reason: "it holds an infinity or a NaN")
        }
        return biases
      }
      return Biases(
        mean: Float(mean), user: try read(ModelFileName.userBiases, manifest.users),
        item: try read(ModelFileName.itemBiases, manifest.items))
    }
    func ids(_ name: String, _ count: Int) throws -> IDIndex {
      guard let file = snapshot.file(name) else { return try IDIndex([]) }
      return try IDIndex(lines: file, count: count)
    }
    return Model(
      parameters: parameters,
      users: try ids(ModelFileName.users, manifest.users),
      items: try ids(ModelFileName.items, manifest.items),
      state: TrainingState(
        history: manifest.iterations,
        factors: Factors(
          user: try factors(ModelFileName.userFactors, manifest.users),
          item: try factors(ModelFileName.itemFactors, manifest.items),
          biases: try parts.contains(.factors) ? biases() : nil),
        iteration: manifest.bestIteration),
      itemNames: try snapshot.file(ModelFileName.itemNames).map { try ItemNameLines.read($0, count: manifest.items) },
      ratings: try snapshot.file(ModelFileName.ratings).map { try Self.ratings($0, manifest: manifest) },
      ratingCount: manifest.ratings,
      ratingsFingerprint: fingerprint,
      device: manifest.device, updates: manifest.updates,
      baseline: try snapshot.file(ModelFileName.baseline).map {
        try Baseline(npz: $0, users: manifest.users, items: manifest.items, parameters: parameters)
      },
      appliedFiles: try snapshot.file(ModelFileName.appliedFiles).map {
        try AppliedFileLines.read($0, count: manifest.appliedFiles ?? 0)
      } ?? [])
  }

  private static func ratings(_ file: ReadableFile, manifest: ModelManifest) throws -> CSRMatrix {
    func damaged(_ reason: String) -> ModelFileError { .damaged(file: file.path, reason: reason) }
    let matrix = try CSRMatrix(npz: file)
    guard matrix.rowCount == manifest.users, matrix.columnCount == manifest.items else {
      throw damaged(
        "it is a matrix of \(matrix.rowCount) × \(matrix.columnCount), but model.json says \(manifest.users) ×"
          + " \(manifest.items)")
    }
    guard matrix.entryCount == manifest.ratings else {
      throw damaged("it holds \(matrix.entryCount) ratings, but model.json says \(manifest.ratings)")
    }
    guard matrix.values.areFinite else { throw damaged("it holds an infinity or a NaN") }
    guard matrix.fingerprint == manifest.fingerprint else {
      throw damaged("its ratings are not those that model.json was written for")
    }
    return matrix
  }
}
