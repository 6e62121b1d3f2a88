import COpenCL
import Synchronization

/// How long the commands of queues took on the device, by name, as their events tell.
///
/// A context that is opened with a profile has its queues record every kernel, copy and fill here, without a change where
/// they are enqueued. Without one, queues record nothing and their drivers need not take times.
public final class CommandProfile: Sendable {
  private struct Record: Sendable {
    var name: String
    var bytes: Int
    var event: Event
  }

  private let records = Mutex<[Record]>([])

  /// Starts empty.
  public init() {}

  /// Keeps a command until ``take()``. The event is retained until then.
  func record(_ name: String, bytes: Int, _ event: Event) {
    records.withLock { $0.append(Record(name: name, bytes: bytes, event: event)) }
  }

  /// Waits for the commands recorded so far, adds them up by name in the order of first appearance, and forgets them.
  ///
  /// Copies from the host are called `write`, copies to it `read`, fills `fill`; kernels bear their own names.
  ///
  /// - Throws: ``OpenCLError/call(function:status:device:)`` if a command failed.
  public func take() throws(OpenCLError) -> [CommandTime] {
    let taken = records.withLock { records in
      defer { records = [] }
      return records
    }
    var times: [CommandTime] = []
    for record in taken {
      try record.event.wait()
      let seconds = try record.event.seconds()
      if let index = times.firstIndex(where: { $0.name == record.name }) {
        times[index].count += 1
        times[index].seconds += seconds
        times[index].bytes += record.bytes
      } else {
        times.append(CommandTime(name: record.name, count: 1, seconds: seconds, bytes: record.bytes))
      }
    }
    return times
  }
}
