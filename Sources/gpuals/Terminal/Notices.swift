import ALS

/// What a command tells on stderr beside its results.
struct Notices: Sendable {
  /// `--quiet`: neither progress nor notices. Warnings and errors still appear.
  let isQuiet: Bool

  /// A line of news, unless quiet.
  func note(_ text: String) {
    if !isQuiet { StatusLine.shared.print(text) }
  }

  /// Something that may be wrong with the input or the result.
  func warn(_ text: String) {
    StatusLine.shared.print("gpuals: warning: \(text)")
  }

  /// Draws the progress bar, on a terminal and unless quiet.
  func progress(_ status: @autoclosure () -> ProgressStatus, always: Bool = false) {
    if !isQuiet { StatusLine.shared.show(status(), always: always) }
  }

  /// A function for readers and writers to tell how far they are, in bytes.
  ///
  /// - Parameter label: "reading".
  func byteProgress(_ label: String) -> @Sendable (_ done: Int, _ total: Int?) -> Void {
    let start = ContinuousClock.now
    return { done, total in
      progress(Self.byteStatus(label, done: done, total: total, seconds: (ContinuousClock.now - start).inSeconds))
    }
  }

  private static func byteStatus(_ label: String, done: Int, total: Int?, seconds: Double) -> ProgressStatus {
    let rate = Double(done) / max(seconds, 1e-3)
    var details = ["\(Quantity.significant(rate / 1e6)) MB/s"]
    var fraction: Double?
    if let total, total > 0 {
      fraction = Double(done) / Double(total)
      if rate > 0, seconds > 0.5 { details.append(Quantity.timeLeft(Double(max(0, total - done)) / rate)) }
    } else {
      details.insert(Quantity.bytes(UInt64(max(0, done))), at: 0)
    }
    return ProgressStatus(label: label, fraction: fraction, details: details)
  }
}
