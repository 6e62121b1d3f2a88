import ALS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ModelDirectory {
  /// Writes a model, durably and in one step: until it is there whole, what was there before stays untouched.
  ///
  /// Checkpoints are saved the same way. Ids, names and ratings that the same `ModelDirectory` saved before are linked, so
  /// that a checkpoint costs only the factors. A link at the path is followed. Files in the directory that are no part
  /// of a model are kept.
  ///
  /// - Parameters:
  ///   - model: what is written.
  ///   - seconds: wall time of the phases, for the record.
  ///   - peakDeviceBytes: ``ModelManifest/peakDeviceBytes``, for the record.
  ///   - keepsRatings: whether the training matrix, if the model holds it, is written to `ratings.npz`.
  /// - Throws: ``ModelFileError``, with the bytes needed and free where the disk is full.
  public func save(_ model: Model, seconds: PhaseSeconds, peakDeviceBytes: Int, keepsRatings: Bool) throws {
    try Self.checkComplete(model)
    if let remote {
      return try remote.replace {
        try $0.save(model, seconds: seconds, peakDeviceBytes: peakDeviceBytes, keepsRatings: keepsRatings)
      }
    }
    let target = FilePath.resolved(path)
    try checkReplaceable(target)
    do {
      let manifest = ModelManifest(describing: model, seconds: seconds, peakDeviceBytes: peakDeviceBytes)
      try write(model, manifest: manifest, keepsRatings: keepsRatings, to: target)
    } catch let error as ModelFileError {
      throw renamed(error, bytesNeeded: Self.estimatedBytes(of: model, keepsRatings: keepsRatings))
    }
  }

  private func write(_ model: Model, manifest: ModelManifest, keepsRatings: Bool, to target: String) throws {
    let staged = try StagedDirectory(beside: target)
    let last = lastSave.content.withLock { $0 }
    let isOurs = last.map { FilePath.status(target)?.isSame(as: $0.directory) == true } ?? false

    /// Links a file where its content is that of the last save, else writes it.
    func keep(_ name: String, ifSame: (LastSave.Content) -> Bool, else body: (WritableFile) throws -> Void) throws {
      if isOurs, let last, ifSame(last), staged.link(name) { return }
      try staged.write(name, body)
    }
    // Arrays that share their storage compare equal at once, which is the case between checkpoints.
    try keep(ModelFileName.users, ifSame: { $0.users == model.users }, else: model.users.writeLines)
    try keep(ModelFileName.items, ifSame: { $0.items == model.items }, else: model.items.writeLines)
    if let names = model.itemNames {
      try keep(ModelFileName.itemNames, ifSame: { $0.itemNames == names }) { try ItemNameLines.write(names, to: $0) }
    }
    if keepsRatings, let ratings = model.ratings {
      try keep(
        ModelFileName.ratings,
        ifSame: {
          $0.ratingsFingerprint == model.ratingsFingerprint && $0.ratingCount == model.ratingCount
            && $0.users.count == model.users.count && $0.items.count == model.items.count
        },
        else: { try ratings.writeNPZ(to: $0) })
    }
    try staged.write(ModelFileName.userFactors, model.factors.user.writeNPY)
    try staged.write(ModelFileName.itemFactors, model.factors.item.writeNPY)
    if let biases = model.factors.biases {
      try staged.write(ModelFileName.userBiases) { try biases.user.writeNPY(to: $0, shape: [biases.user.count]) }
      try staged.write(ModelFileName.itemBiases) { try biases.item.writeNPY(to: $0, shape: [biases.item.count]) }
    }
    if let baseline = model.baseline { try staged.write(ModelFileName.baseline, baseline.writeNPZ) }
    if !model.appliedFiles.isEmpty {
      try staged.write(ModelFileName.appliedFiles) { try AppliedFileLines.write(model.appliedFiles, to: $0) }
    }
    // Last: a directory with this file is complete.
    try staged.write(ModelManifest.fileName) { try $0.write(try manifest.encoded()) }
    try staged.publish()

    lastSave.content.withLock { content in
      content = FilePath.status(target).map {
        LastSave.Content(
          directory: $0, users: model.users, items: model.items, itemNames: model.itemNames,
          ratingCount: model.ratingCount, ratingsFingerprint: model.ratingsFingerprint)
      }
    }
  }

  /// Refuses a model that could not be loaded again: it must not replace a good one.
  private static func checkComplete(_ model: Model) throws {
    func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws {
      guard holds else { throw ModelFileError.incompleteModel(reason: reason()) }
    }
    for (side, ids) in [(Side.user, model.users), (Side.item, model.items)] {
      let matrix = model.factors[side]
      try require(
        matrix.rowCount == ids.count,
        "it has \(ids.count) \(side.rawValue)s, but factors of \(matrix.rowCount)")
      try require(
        matrix.rank == model.parameters.rank,
        "its \(side.rawValue) factors have rank \(matrix.rank), but its parameters \(model.parameters.rank)")
      if !matrix.values.areFinite, let row = matrix.firstNonFiniteRow {
        try require(false, "the factors of \(side.rawValue) \(ids[row]) hold an infinity or a NaN")
      }
    }
    if let biases = model.factors.biases {
      try require(
        biases.mean.isFinite && biases.user.areFinite && biases.item.areFinite, "its biases hold an infinity or a NaN")
    }
    try require(
      (model.factors.biases != nil) == model.parameters.biases,
      "its factors have \(model.factors.biases == nil ? "no " : "")biases, and its parameters say otherwise")
    if let names = model.itemNames {
      try require(names.count == model.items.count, "it has \(model.items.count) items, but \(names.count) names")
    }
    if let ratings = model.ratings {
      try require(
        ratings.rowCount == model.users.count && ratings.columnCount == model.items.count
          && ratings.entryCount == model.ratingCount,
        "its ratings are not those of its users and items")
    }
  }

  /// About how many bytes the model takes on disk.
  private static func estimatedBytes(of model: Model, keepsRatings: Bool) -> Int {
    var bytes = (model.factors.user.values.count + model.factors.item.values.count) * 4
    for ids in [model.users, model.items] {
      switch ids.storage {
      case .integers(let values): bytes += values.count * 9
      case .texts(let text, let offsets): bytes += text.count + offsets.count
      }
    }
    for name in model.itemNames ?? [] { bytes += (name?.utf8.count ?? 0) + 1 }
    if keepsRatings, let ratings = model.ratings {
      bytes += ratings.entryCount * 8 + ratings.rowOffsets.count * 4
    }
    return bytes
  }
}

extension FilePath.Status {
  /// Whether both are the same file or directory, whatever its permissions are by now.
  func isSame(as other: FilePath.Status) -> Bool { device == other.device && inode == other.inode }
}
