import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The service as a whole: it listens, watches for newer models, and stops when a signal asks.
struct HTTPService: Sendable {
  let host: String
  let port: Int
  let holder: ModelHolder
  let limits: RequestLimits
  let token: AccessToken?
  let watchSeconds: Double

  /// Serves until SIGINT or SIGTERM; requests under way are finished.
  ///
  /// - Throws: ``ServeError/cannotListen(host:port:code:)``.
  func run() async throws {
    // Asked for by itself, for what the library throws where a name is not known changes with its versions.
    guard (try? SocketAddress.makeAddressResolvingHost(host, port: port)) != nil else {
      throw ServeError.cannotListen(host: host, port: port, code: 0)
    }
    let log = ServiceLog()
    let metrics = ServiceMetrics()
    // What is said of the first model, not the model, which would outlive the ones after it.
    let (host, facts) = (host, holder.current.facts)
    let application = Application(
      responder: ServiceResponder(holder: holder, limits: limits, token: token, metrics: metrics, log: log),
      server: .http1(
        configuration: .init(
          // Longer than a body may take, which is to be answered.
          idleTimeout: .milliseconds(Int64(limits.seconds * 2000)),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200))),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      services: [ModelWatch(holder: holder, seconds: watchSeconds, metrics: metrics, log: log)],
      onServerRunning: { channel in
        log.write(
          .info, "listening",
          [("host", .text(host)), ("port", .integer(channel.localAddress?.port ?? 0)), ("model", .text(holder.path))]
            + facts)
      },
      logger: Logger(label: "gpuals-serve") { _ in LibraryLogHandler(log) })
    do {
      try await application.runService()
    } catch let error as IOError {
      throw ServeError.cannotListen(host: host, port: port, code: error.errnoCode)
    }
    log.write(.info, "stopped")
  }
}
