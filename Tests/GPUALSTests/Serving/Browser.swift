#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A window of a browser, by W3C's WebDriver.
final class Browser {
  /// A size of screen.
  enum Screen: Sendable, CaseIterable {
    case desktop, phone
  }

  /// A key that writes nothing, by its code in WebDriver.
  enum Key: String {
    case tab = "\u{E004}"
    case enter = "\u{E007}"
    case escape = "\u{E00C}"
    case left = "\u{E012}"
    case right = "\u{E014}"
    case down = "\u{E015}"
  }

  private let port: Int
  private let session: String

  /// Opens a window.
  init(_ screen: Screen) throws {
    guard let port = BrowserDriver.port else { throw RunningProgram.Failure(what: BrowserDriver.absence) }
    self.port = port
    // A browser that is spoken to by a pipe ends when the driver does, however that ends.
    var arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
    ]
    var options: [String: JSONValue] = [:]
    switch screen {
    case .desktop: arguments.append("--window-size=1280,900")
    case .phone:
      let metrics: [String: JSONValue] = [
        "width": .number(390), "height": .number(844), "pixelRatio": .number(2), "touch": .bool(true),
      ]
      options["mobileEmulation"] = .object(["deviceMetrics": .object(metrics)])
    }
    options["args"] = .array(arguments.map { .text($0) })
    let wanted: [String: JSONValue] = [
      "goog:chromeOptions": .object(options), "goog:loggingPrefs": .object(["browser": .text("ALL")]),
    ]
    let answer = try Self.ask(
      port, "POST", "/session", .object(["capabilities": .object(["alwaysMatch": .object(wanted)])]))
    guard let session = answer["sessionId"]?.text else { throw RunningProgram.Failure(what: "no session: \(answer)") }
    self.session = session
  }

  deinit { _ = try? Self.ask(port, "DELETE", "/session/\(session)") }

  /// Opens a page as if it were the first: another fragment alone would not load it again.
  func open(_ address: String) throws {
    for place in ["about:blank", address] { try command("url", .object(["url": .text(place)])) }
  }

  /// Presses keys, one after another, wherever the focus is.
  func press(_ keys: Key...) throws { try press(keys.map(\.rawValue)) }

  /// Writes text, wherever the focus is.
  func type(_ text: String) throws { try press(text.map { String($0) }) }

  /// The value of an expression of JavaScript.
  @discardableResult
  func value(_ expression: String) throws -> JSONValue {
    try command("execute/sync", .object(["script": .text("return \(expression)"), "args": .array([])]))
  }

  /// The text of each element that a selector finds.
  func texts(_ selector: String) throws -> [String] {
    try value("[...document.querySelectorAll('\(selector)')].map((element) => element.textContent)").elements
      .compactMap(\.text)
  }

  /// Waits until an expression of JavaScript is true, for at most a minute.
  func wait(for expression: String) throws {
    for _ in 0..<600 {
      if try value("!!(\(expression))") == .bool(true) { return }
      usleep(100_000)
    }
    let page = try value("document.body.innerText")
    throw RunningProgram.Failure(what: "never true: \(expression); the page shows \(page)")
  }

  /// What the console of the browser has been told since it was asked last.
  func console() throws -> [String] {
    try command("se/log", .object(["type": .text("browser")])).elements.compactMap { $0["message"]?.text }
  }

  private func press(_ keys: [String]) throws {
    let actions: [JSONValue] = keys.flatMap { key in
      ["keyDown", "keyUp"].map { .object(["type": .text($0), "value": .text(key)]) }
    }
    let source: [String: JSONValue] = ["type": .text("key"), "id": .text("keyboard"), "actions": .array(actions)]
    try command("actions", .object(["actions": .array([.object(source)])]))
  }

  @discardableResult
  private func command(_ name: String, _ body: JSONValue) throws -> JSONValue {
    try Self.ask(port, "POST", "/session/\(session)/\(name)", body)
  }

  private static func ask(_ port: Int, _ method: String, _ target: String, _ body: JSONValue? = nil) throws -> JSONValue
  {
    let answer = try HTTPConnection(port: port).ask(method, target, body: body?.encoded)
    guard answer.status == 200 else { throw RunningProgram.Failure(what: "\(method) \(target): \(answer.body)") }
    return try answer.json["value"] ?? .null
  }
}
