import ALS
import RatingsIO

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `--rerank COMMAND`: a program of the user's that puts the candidates of each list into the order that a business wants.
///
/// It is started once. For every user it gets a line `{"user":"1","recommendations":[{"item":"7","score":4.1,"name":"…"},…]}`, and
/// answers with a line of the same form: the items that are to be recommended in their order, some or all of the candidates. A score
/// that it gives takes the place of the model's.
///
/// Candidates are sent without waiting for answers: a program may read all of its input first, or hold back its output as
/// programs do that write to a pipe.
///
/// `@unchecked Sendable` holds because one thread sends and closes the input, and one other does the rest.
final class Reranker: @unchecked Sendable {
  private let command: String
  private let format: RecommendationFormat
  private let users: IDIndex
  private let items: IDIndex
  private let count: Int
  private let process: pid_t
  private let input: Int32
  private let output: UnsafeMutablePointer<FILE>
  private var answered = 0
  private var isOver = false

  private struct Answer: Decodable {
    struct Entry: Decodable {
      var item: String
      var score: Float?
    }
    var user: String
    var recommendations: [Entry]
  }

  /// Starts the program.
  ///
  /// - Parameter count: length of the lists that are made of the answers.
  init(_ command: String, model: Model, count: Int) throws(CommandError) {
    self.command = command
    format = RecommendationFormat(.jsonl, ids: model.items, names: model.itemNames)
    users = model.users
    items = model.items
    self.count = count
    (process, input, output) = try Self.start(command)
  }

  deinit {
    if !isOver {
      abandon()
      _ = wait()
    }
    fclose(output)
  }

  private static func start(_ command: String) throws(CommandError) -> (pid_t, Int32, UnsafeMutablePointer<FILE>) {
    func failure(_ code: Int32) -> CommandError {
      .cannotStart(path: command, reason: String(cString: strerror(code)))
    }
    var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard pipe(&toChild) == 0 else { throw failure(errno) }
    guard pipe(&fromChild) == 0 else {
      let code = errno
      for descriptor in toChild { close(descriptor) }
      throw failure(code)
    }
    // Else the program would hold its own input open, and never see its end.
    for descriptor in [toChild[1], fromChild[0]] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    for descriptor in [toChild[0], fromChild[1]] where descriptor > 1 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    // Signals that are ignored here are to do in the program what they do everywhere.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    // A group of its own, so that what the shell starts ends with it.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", command] as [String]).map { strdup($0) }
    words.append(nil)
    var process: pid_t = 0
    let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, environ)
    for word in words { free(word) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    close(toChild[0])
    close(fromChild[1])
    guard code == 0, let output = fdopen(fromChild[0], "r") else {
      let reason = code == 0 ? errno : code
      close(toChild[1])
      close(fromChild[0])
      throw failure(reason)
    }
    return (process, toChild[1], output)
  }

  /// Sends the candidates of some users; false if the program reads no more, which shows where its answers end.
  func send(_ block: ArraySlice<Int>, _ lists: [[ScoredRow]]) -> Bool {
    RecommendationText.formatted(lists, users: block, ids: users, format: format)
      .allSatisfy { Self.write($0, to: input) }
  }

  /// Lets the program know that it has seen all. To be called once, by who sends.
  func closeInput() { close(input) }

  /// The lists of some users as the program orders them, once it has answered.
  func answers(for block: ArraySlice<Int>, _ lists: [[ScoredRow]]) throws -> [[ScoredRow]] {
    try zip(block, lists).map { user, candidates in try answer(users[user], candidates) }
  }

  /// Ends the program, whatever it is doing.
  func abandon() {
    if !isOver { kill(-process, SIGKILL) }
  }

  private static func write(_ text: [UInt8], to descriptor: Int32) -> Bool {
    text.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        #if canImport(Glibc)
          let written = Glibc.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
        #elseif canImport(Musl)
          let written = Musl.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
        #else
          let written = Darwin.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
        #endif
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        start += written
      }
      return true
    }
  }

  private func answer(_ user: String, _ candidates: [ScoredRow]) throws -> [ScoredRow] {
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    let length = getline(&line, &capacity, output)
    defer { free(line) }
    guard length > 0, let line else {
      throw CommandError.rerank(command: command, answered: answered, reason: endReason())
    }
    func wrong(_ reason: String) -> CommandError { .rerank(command: command, answered: answered, reason: reason) }
    let bytes = UnsafeBufferPointer(start: line, count: length).map { UInt8(bitPattern: $0) }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
      throw wrong("its line is not {\"user\":…,\"recommendations\":[{\"item\":…},…]}")
    }
    guard answer.user == user else { throw wrong("it answered for user \"\(answer.user)\" in place of \"\(user)\"") }
    var left = Dictionary(candidates.map { ($0.row, $0.score) }) { first, _ in first }
    let list = try answer.recommendations.map { entry in
      guard let row = items.row(of: entry.item), let score = left.removeValue(forKey: row) else {
        throw wrong(
          "for user \"\(user)\" it gave item \"\(entry.item)\", which is none of the candidates or comes twice")
      }
      return ScoredRow(row: row, score: entry.score ?? score)
    }
    answered += 1
    return Array(list.prefix(count))
  }

  /// Waits for the program to end well, after its input is closed.
  func finish() throws(CommandError) {
    // What it says beyond its answers is read, for writing to nobody would end it.
    var extra = 0
    while fgetc(output) != EOF { extra += 1 }
    let status = wait()
    guard status == 0 else {
      throw .rerank(command: command, answered: answered, reason: Self.words(status))
    }
    guard extra == 0 else {
      throw .rerank(command: command, answered: answered, reason: "it wrote more than one line for each list")
    }
  }

  private func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    isOver = true
    return status
  }

  /// Why there is no next answer.
  private func endReason() -> String {
    // What has closed its output is about to end, or never will.
    var status: Int32 = 0
    for _ in 0..<200 {
      if waitpid(process, &status, WNOHANG) == process {
        isOver = true
        return "its answers ended: " + Self.words(status)
      }
      usleep(10_000)
    }
    return "its answers ended, and it still runs"
  }

  /// What a status of waitpid says.
  private static func words(_ status: Int32) -> String {
    let signal = status & 0x7F
    return signal == 0 ? "it exited with status \(status >> 8 & 0xFF)" : "it was ended by signal \(signal)"
  }
}
