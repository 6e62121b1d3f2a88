import Dispatch
import ServiceLifecycle

/// Looks for a newer model every few seconds.
struct ModelWatch: Service {
  let holder: ModelHolder
  let seconds: Double
  let metrics: ServiceMetrics
  let log: ServiceLog

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(seconds))) != nil { await look() }
    }
  }

  private func look() async {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      // Reading takes seconds and all cores: not on a thread that requests wait for.
      DispatchQueue.global(qos: .utility).async {
        do {
          if let model = try holder.refresh() {
            metrics.countSwap()
            log.write(.info, "model replaced", [("generation", .integer(model.generation))] + model.facts)
          }
        } catch {
          metrics.countFailedSwap()
          log.write(
            .error, "a new model cannot be served, the old one stays", [("reason", .text("\(error)"))])
        }
        done.resume()
      }
    }
  }
}

extension ServedModel {
  /// What a log says of a model.
  var facts: [(String, ServiceLog.Value)] {
    [
      ("users", .integer(model.users.count)), ("items", .integer(model.items.count)),
      ("rank", .integer(model.parameters.rank)),
    ]
  }
}
