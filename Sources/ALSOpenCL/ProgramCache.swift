import ALSKernels
import OpenCL
import Synchronization

/// Programs compiled so far in a context: in memory, and behind it on disk.
final class ProgramCache: Sendable {
  private let context: Context
  private let extraOptions: String
  private let store: ProgramStore?
  private let programs = Mutex<[ProgramKey: Program]>([:])

  private struct ProgramKey: Hashable {
    var source: KernelSource
    var options: String
  }

  /// - Parameters:
  ///   - store: where binaries are kept between runs, if anywhere.
  ///   - extraOptions: compiler options for every program, such as `-cl-kernel-arg-info`.
  init(_ context: Context, store: ProgramStore?, extraOptions: String = "") {
    self.context = context
    self.store = store
    self.extraOptions = extraOptions
  }

  /// The program for a specialization, loaded or compiled at the first call.
  func program(_ specialization: Specialization) throws(OpenCLError) -> Program {
    try program(specialization.source, options: specialization.options)
  }

  /// The program of a source, loaded or compiled at the first call.
  func program(_ source: KernelSource, options: String = "") throws(OpenCLError) -> Program {
    let options = extraOptions.isEmpty || options.isEmpty ? options + extraOptions : options + " " + extraOptions
    let key = ProgramKey(source: source, options: options)
    if let program = programs.withLock({ $0[key] }) { return program }
    let program = try program(source: source.source, options: options)
    programs.withLock { $0[key] = program }
    return program
  }

  private func program(source: String, options: String) throws(OpenCLError) -> Program {
    guard let store else { return try Program(context, source: source, options: options) }
    let key = ProgramStore.key(device: context.device, source: source, options: options)
    // A binary that the driver does not take is replaced by a new one.
    if let binary = store.binary(for: key),
      let program = try? Program(context, binary: binary, options: options)
    {
      return program
    }
    let program = try Program(context, source: source, options: options)
    if let binary = try? program.binary() { store.keep(binary, for: key) }
    return program
  }
}
