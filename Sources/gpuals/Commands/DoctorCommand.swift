import ArgumentParser

/// `gpuals doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check that this machine can train, and say what to mend.",
    discussion: """
      Looks at the OpenCL loader, its drivers and devices, and solves a small problem on each device against the \
      reference. A cross marks a problem; the line below it is the command that mends it. Exits with 0 if at least one \
      device can train.

      Example:
        gpuals doctor
      """)

  @Flag(help: "Print a JSON document on standard output.")
  var json = false

  func run() throws {
    let examination = try Examination { finding in
      guard !json else { return }
      try StandardOutput.shared.write(Self.text(of: finding))
      try StandardOutput.shared.flush()
    }
    if json {
      try JSONDocument.print(Diagnosis(examination))
    } else {
      try StandardOutput.shared.write(Self.verdict(examination))
    }
    if examination.usable.isEmpty { throw CommandError.nothingUsable }
  }

  private static func text(of finding: Finding) -> String {
    let mark = finding.ok ? colored("✓", 32) : colored("✗", 31)
    var text = "\(mark) \(finding.check): \(finding.detail)\n"
    if let remedy = finding.remedy { text += "    \(remedy)\n" }
    return text
  }

  private static func verdict(_ examination: Examination) -> String {
    let usable = examination.usable
    if usable.isEmpty {
      return "\nNo device can train here. Mend what is marked above, or use --device reference, which needs no OpenCL.\n"
    }
    let names = usable.map { index in
      let device = examination.devices[index]
      return "  --device \(index)  \(device.name)\(device.auto ? "  (the one that --device auto means)" : "")\n"
    }
    return "\nReady to train on:\n" + names.joined()
  }

  private static func colored(_ mark: String, _ color: Int) -> String {
    Terminal.showsColor ? "\u{1B}[\(color)m\(mark)\u{1B}[0m" : mark
  }
}

/// The JSON of `doctor`.
private struct Diagnosis: Encodable {
  var ok: Bool
  /// Numbers of the devices that can train.
  var usable: [Int]
  var findings: [Finding]
  var devices: [DeviceEntry]

  init(_ examination: Examination) {
    usable = examination.usable
    ok = !usable.isEmpty
    findings = examination.findings
    devices = examination.devices
  }
}
