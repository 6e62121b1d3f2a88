import Dispatch
import Synchronization
import SystemProgram

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C (SIGINT) and SIGTERM, received on a thread of their own, so that a terminal is left clean and the last word is
/// said whatever the other threads do.
final class Interruption: Sendable {
  /// The one of this process.
  static let shared = Interruption()

  /// What a first signal does.
  enum Manner: Sendable {
    /// Ends the program at once with this message, after removing files that are half written, and a directory made for
    /// them if nothing else is in it.
    case atOnce(message: String, removing: [String] = [], directory: String? = nil)
    /// Prints this notice and leaves it to the command to look at ``Interruption/requested`` and to end well. A second
    /// signal ends the program at once, with the other message.
    case whenAsked(notice: String, atOnce: String = "interrupted at once")
  }

  private struct State {
    var manner = Manner.atOnce(message: "interrupted")
    var signal: Int32?
    var sources: [SignalSource] = []
  }

  private let state = Mutex(State())

  /// Starts to receive the signals. One that the parent has set to be ignored (`nohup`, `&` in scripts) stays ignored.
  func install() {
    let queue = DispatchQueue(label: "gpuals.signals", qos: .userInteractive)
    for number in [SIGINT, SIGTERM] {
      var current = sigaction()
      guard sigaction(number, nil, &current) == 0, !Self.isIgnored(current) else { continue }
      // A dispatch source sees a signal only if its default action does not end the process first.
      signal(number, SIG_IGN)
      let source = SignalSource(number, queue: queue) { self.receive(number) }
      state.withLock { $0.sources.append(source) }
    }
  }

  /// Chooses what a signal does from here on.
  func set(_ manner: Manner) {
    state.withLock { $0.manner = manner }
  }

  /// The first signal that came, if any.
  var requested: Int32? { state.withLock { $0.signal } }

  /// Throws if a signal came.
  ///
  /// - Parameter outcome: what to tell: what was saved, and how to go on.
  func check(_ outcome: @autoclosure () -> String) throws(CommandError) {
    if let signal = requested { throw .interrupted(signal: signal, outcome: outcome()) }
  }

  private func receive(_ number: Int32) {
    let message: String? = state.withLock { state in
      let isFirst = state.signal == nil
      state.signal = state.signal ?? number
      switch state.manner {
      case .whenAsked(let notice, let atOnce):
        if isFirst {
          StatusLine.shared.print("gpuals: \(notice)")
          return nil
        }
        return atOnce
      case .atOnce(let message, let files, let directory):
        for file in files { unlink(file) }
        if let directory { rmdir(directory) }
        return message
      }
    }
    guard let message else { return }
    StatusLine.shared.print("gpuals: \(message)")
    // Without the handlers of exit(3): other threads are still at work in what those would take down.
    _exit(number == SIGTERM ? ExitStatus.terminated.rawValue : ExitStatus.interrupted.rawValue)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      let handler = unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self)
    #else
      let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    #endif
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// Keeps a source of signals alive.
///
/// `@unchecked Sendable` holds because nothing is done with the source after it is made, and dispatch objects may be released
/// on any thread.
private final class SignalSource: @unchecked Sendable {
  private let source: any DispatchSourceSignal

  init(_ signal: Int32, queue: DispatchQueue, receive: @escaping @Sendable () -> Void) {
    source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
    source.setEventHandler(handler: receive)
    source.resume()
  }
}
