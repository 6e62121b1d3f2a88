/// That all is well, and with which model.
struct HealthReport: Encodable, Sendable {
  var status = "ok"
  var generation: Int
  var users: Int
  var items: Int
  var rank: Int
}
