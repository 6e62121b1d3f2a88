/// One thing that `doctor` looked at.
struct Finding: Encodable, Sendable {
  /// What was looked at.
  var check: String
  /// Whether it is as it should be.
  var ok: Bool
  /// What was found.
  var detail: String
  /// The command that mends it, where there is one.
  var remedy: String?

  /// All is well.
  static func good(_ check: String, _ detail: String) -> Finding {
    Finding(check: check, ok: true, detail: detail, remedy: nil)
  }

  /// Something is wrong.
  static func bad(_ check: String, _ detail: String, remedy: String?) -> Finding {
    Finding(check: check, ok: false, detail: detail, remedy: remedy)
  }
}
