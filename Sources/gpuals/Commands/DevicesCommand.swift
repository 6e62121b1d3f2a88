import ArgumentParser
import OpenCL

/// `gpuals devices`.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the OpenCL devices.",
    discussion: """
      The number in front of a device is what --device takes. An asterisk marks the one that --device auto chooses.

      Example:
        gpuals devices
      """)

  @Flag(help: "Print a JSON array on standard output.")
  var json = false

  func run() throws {
    let devices = try OpenCLLibrary.load().devices()
    let entries = DeviceEntry.all(devices)
    if json {
      try JSONDocument.print(entries)
    } else {
      try StandardOutput.shared.write(Self.table(entries).text())
    }
  }

  private static func table(_ entries: [DeviceEntry]) -> TextTable {
    var table = TextTable([
      ("index", .right), ("name", .left), ("vendor", .left), ("type", .left), ("platform", .left), ("driver", .left),
      ("memory", .right), ("compute units", .right), ("OpenCL version", .left),
    ])
    table.rows = entries.map { entry in
      [
        (entry.auto ? "*" : "") + String(entry.index), entry.name, entry.vendor, entry.type, entry.platform,
        entry.driver, Quantity.bytes(entry.memory), String(entry.computeUnits), entry.openCLVersion,
      ]
    }
    return table
  }
}
