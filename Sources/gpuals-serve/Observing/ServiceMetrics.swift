import Synchronization
import SystemProgram

/// What Prometheus may ask for.
final class ServiceMetrics: Sendable {
  private struct Key: Hashable {
    var route: String
    var status: Int
  }

  private struct State {
    var requests: [Key: Int] = [:]
    var latencies: [String: LatencyHistogram] = [:]
    var swaps = 0
    var failedSwaps = 0
  }

  private let state = Mutex(State())

  /// Counts a request that was answered.
  func count(route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.requests[Key(route: route, status: status), default: 0] += 1
      state.latencies[route, default: LatencyHistogram()].add(seconds: seconds)
    }
  }

  /// Counts a model that took the place of another.
  func countSwap() { state.withLock { $0.swaps += 1 } }

  /// Counts a model that could not.
  func countFailedSwap() { state.withLock { $0.failedSwaps += 1 } }

  /// All of it in Prometheus' text form.
  func text(model: ServedModel) -> String {
    let state = state.withLock { $0 }
    var lines: [String] = []
    func head(_ name: String, _ type: String, _ help: String) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
    }
    func single(_ name: String, _ type: String, _ help: String, _ value: Int) {
      head(name, type, help)
      lines.append("\(name) \(value)")
    }
    head("gpuals_http_requests_total", "counter", "Requests answered, by route and status.")
    for (key, count) in state.requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
      lines.append("gpuals_http_requests_total{route=\"\(key.route)\",status=\"\(key.status)\"} \(count)")
    }
    let duration = "gpuals_http_request_duration_seconds"
    head(duration, "histogram", "From the head of a request to its answer.")
    for (route, histogram) in state.latencies.sorted(by: { $0.key < $1.key }) {
      var total = 0
      for (bound, count) in zip(LatencyHistogram.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
        total += count
        lines.append("\(duration)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(total)")
      }
      lines.append("\(duration)_sum{route=\"\(route)\"} \(histogram.sum)")
      lines.append("\(duration)_count{route=\"\(route)\"} \(total)")
    }
    single("gpuals_model_generation", "gauge", "1 for the first model, one more for each after it.", model.generation)
    single("gpuals_model_users", "gauge", "Users of the model.", model.model.users.count)
    single("gpuals_model_items", "gauge", "Items of the model.", model.model.items.count)
    single("gpuals_model_swaps_total", "counter", "Models that took the place of another.", state.swaps)
    single("gpuals_model_swap_failures_total", "counter", "Models that could not be served.", state.failedSwaps)
    if let bytes = ProcessMemory.residentBytes {
      single("process_resident_memory_bytes", "gauge", "Resident memory.", bytes)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
