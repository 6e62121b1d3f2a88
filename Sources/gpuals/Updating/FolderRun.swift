import ALS
import RatingsIO

/// `update --changes`: brings a model up to date with a place where files of changes come in, as AWS DMS writes them.
///
/// The model remembers the files that are in it. Files that are new are applied in the order in which their changes were committed.
/// Where one comes late, or is another than it was, all that follow it are applied once more: the last word about a pair counts.
struct FolderRun {
  /// Where files come in.
  var place: Location
  /// Seconds between two publications, while there are files left.
  var publishEvery: Double
  /// Seconds after which to look again for new files; `nil`: look once.
  var poll: Double?
  /// Where to tell what happens.
  var notices: Notices

  /// Files are read together up to so many bytes.
  private static let mostBytes = 256 << 20
  private static let mostFiles = 500

  private let clock = ContinuousClock()

  /// Does it all.
  func perform(_ session: UpdateSession) throws {
    Interruption.shared.set(.whenAsked(notice: "stopping once the changes that are read are in the model"))
    while true {
      let isFirst = !session.summary.updated
      let (done, all): (Int, Int)
      do {
        (done, all) = try catchUp(session)
      } catch let error as RatingsIOError where poll != nil && error.mayPass && !session.isReplaying {
        // A signal to the whole group ends the client of S3, too.
        if Interruption.shared.requested == nil { notices.warn("\(error); trying again") }
        guard Pause.wait(max(1, poll ?? 0)) else {
          if session.hasEffect { try session.publish() }
          return session.tell()
        }
        continue
      }
      if Interruption.shared.requested != nil {
        // Who looks again and again ends well by a signal.
        if done == all, poll != nil { return session.tell() }
        try Interruption.shared.check(
          "interrupted: \(Quantity.grouped(done)) of \(Quantity.counted(all, "file")) are in \(session.output); the same"
            + " command goes on with the others")
      }
      if all > 0 {
        session.tell()
      } else if isFirst, poll == nil {
        notices.note("the model has all changes of \(place) already: nothing to do")
      }
      guard let poll, Pause.wait(poll) else { return }
    }
  }

  /// Applies what is new; returns how many files, and how many there were.
  private func catchUp(_ session: UpdateSession) throws -> (done: Int, all: Int) {
    let listed = try ChangeFile.list(at: place)
    // The model remembers names that are the same wherever the command is started.
    let files = listed.map { (file: $0, name: $0.fullName) }
    guard let first = files.firstIndex(where: { session.appliedFiles[$0.name]?.version != $0.file.version }) else {
      // What an earlier look applied before it broke off.
      if session.hasEffect { try session.publish() }
      return (0, 0)
    }
    try checkFollowing(files[first].name, files[(first + 1)...].map(\.name), session)
    let pending = files[first...]
    let late = pending.count { session.appliedFiles[$0.name]?.version == $0.file.version }
    if late > 0 {
      notices.note(
        "\(files[first].name) has come late or has changed: \(Quantity.counted(late, "file")) that follow are applied once"
          + " more")
    }
    session.isReplaying = late > 0
    var next = pending.startIndex
    var lastPublication = clock.now
    while next < pending.endIndex {
      var end = next
      var bytes = 0
      while end < pending.endIndex, end == next || bytes + (pending[end].file.bytes ?? 0) <= Self.mostBytes,
        end - next < (publishEvery == 0 ? 1 : Self.mostFiles)
      {
        bytes += pending[end].file.bytes ?? 0
        end += 1
      }
      try apply(pending[next..<end], to: session)
      next = end
      let mustStop = Interruption.shared.requested != nil
      if next == pending.endIndex || mustStop || (clock.now - lastPublication).inSeconds >= publishEvery {
        // Of a replay nothing is published before its end: until then later changes are undone by earlier ones.
        if late == 0 || next == pending.endIndex {
          try session.publish()
          lastPublication = clock.now
          notices.note(
            "\(Quantity.grouped(next - pending.startIndex)) of \(Quantity.counted(pending.count, "file")) are in the model"
          )
        }
      }
      if mustStop { break }
    }
    if next == pending.endIndex { session.isReplaying = false }
    return (late > 0 && next < pending.endIndex ? 0 : next - pending.startIndex, pending.count)
  }

  private func apply(_ files: ArraySlice<(file: ChangeFile, name: String)>, to session: UpdateSession) throws {
    let options = session.options
    let read = try RatingsReader(options: options).readChanges(
      files.map(\.file), progress: notices.byteProgress("reading"))
    StatusLine.shared.clear()
    ReadingNotices(report: read.report, options: options).tell(notices)
    session.lap("read")
    try session.apply(upserts: read.upserts, deletions: read.deletions, users: read.users, items: read.items)
    for ((file, name), rows) in zip(files, read.rows) {
      session.appliedFiles[name] = AppliedFile(file: name, version: file.version, rows: rows)
    }
  }

  /// A file that comes late can be put in its order only if those that follow it can be read once more.
  private func checkFollowing(_ first: String, _ following: [String], _ session: UpdateSession) throws {
    let present = Set(following)
    let isHere = ChangeFile.membership(of: place)
    let gone = session.appliedFiles.keys.filter {
      !present.contains($0) && $0 != first && isHere($0) && ChangeFile.precedes(first, $0)
    }.sorted()
    guard let missing = gone.first else { return }
    throw CommandError.laterChangesGone(late: first, missing: missing, count: gone.count)
  }
}
