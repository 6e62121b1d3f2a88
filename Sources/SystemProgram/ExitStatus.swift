/// How the program ends, by the numbers of sysexits.h that scripts rely on.
package enum ExitStatus: Int32, Sendable {
  /// Done.
  case done = 0
  /// Wrong usage: options that cannot be meant, or a rank that cannot be solved here.
  case usage = 64
  /// The data is not what it should be.
  case badData = 65
  /// An input is not there.
  case noInput = 66
  /// No usable device, or out of its memory.
  case unavailable = 69
  /// A fault of ours.
  case software = 70
  /// An output cannot be made.
  case cannotCreate = 73
  /// Reading or writing failed on the way.
  case inputOutput = 74
  /// Ended by Ctrl-C (SIGINT).
  case interrupted = 130
  /// Ended by SIGTERM.
  case terminated = 143
}
