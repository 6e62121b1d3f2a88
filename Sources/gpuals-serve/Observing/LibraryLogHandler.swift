import Logging

/// Hands on what the HTTP library has to say, from warnings up, to the service's log.
struct LibraryLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.warning
  private let log: ServiceLog

  init(_ log: ServiceLog) { self.log = log }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    log.write(event.level >= .error ? .error : .warning, "\(event.message)")
  }
}
