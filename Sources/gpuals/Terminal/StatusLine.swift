import Synchronization
import SystemProgram

/// The last line of the terminal on stderr, drawn over and over; what else is printed there goes above it.
///
/// On anything but a terminal it stays empty.
final class StatusLine: Sendable {
  /// The one of this process.
  static let shared = StatusLine()

  private struct State {
    var isVisible = false
    var lastDrawn: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private static let interval = Duration.milliseconds(80)

  /// Draws a status, unless another was drawn a moment ago.
  func show(_ status: @autoclosure () -> ProgressStatus, always: Bool = false) {
    guard Terminal.canRedrawErrors else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      if !always, let last = state.lastDrawn, now - last < Self.interval { return }
      state.lastDrawn = now
      state.isVisible = true
      // The last column stays free, for a terminal may wrap on reaching it, and two more for the echo of Ctrl-C.
      StandardError.write("\r\(status().line(width: Terminal.width - 3))\u{1B}[K")
    }
  }

  /// Wipes the line, if there is one.
  func clear() {
    state.withLock { Self.wipe(&$0) }
  }

  /// Prints whole lines where the status line was; it comes back below them when it is next shown.
  func print(_ text: String) {
    state.withLock { state in
      Self.wipe(&state)
      StandardError.write(text + "\n")
    }
  }

  private static func wipe(_ state: inout State) {
    guard state.isVisible else { return }
    state.isVisible = false
    state.lastDrawn = nil
    StandardError.write("\r\u{1B}[K")
  }
}
