import OpenCL
import Synchronization

/// Programs compiled so far in a context, by specialization.
final class ProgramCache: Sendable {
  private let context: Context
  private let extraOptions: String
  private let programs = Mutex<[Specialization: Program]>([:])

  /// - Parameter extraOptions: compiler options for every program, such as `-cl-kernel-arg-info`.
  init(_ context: Context, extraOptions: String = "") {
    self.context = context
    self.extraOptions = extraOptions
  }

  /// The program for a specialization, compiled at the first call.
  func program(_ specialization: Specialization) throws(OpenCLError) -> Program {
    if let program = programs.withLock({ $0[specialization] }) { return program }
    let options = extraOptions.isEmpty ? specialization.options : specialization.options + " " + extraOptions
    let program = try Program(context, source: specialization.source.source, options: options)
    programs.withLock { $0[specialization] = program }
    return program
  }
}
