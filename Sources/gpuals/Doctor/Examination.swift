import ALS
import ALSOpenCL
import OpenCL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Everything that `doctor` looks at, in the order in which one thing stands on the other.
struct Examination {
  /// What was found.
  private(set) var findings: [Finding] = []
  /// The devices.
  private(set) var devices: [DeviceEntry] = []
  /// Numbers of the devices that solve the small problem rightly.
  private(set) var usable: [Int] = []

  /// Called with each finding as it is made: the solves take a while.
  private let tell: (Finding) throws -> Void

  /// Looks at everything.
  init(tell: @escaping (Finding) throws -> Void) throws {
    self.tell = tell
    try examine()
  }

  private mutating func add(_ finding: Finding) throws {
    findings.append(finding)
    try tell(finding)
  }

  private mutating func examine() throws {
    try add(hostMemory())
    let library: OpenCLLibrary
    do {
      library = try OpenCLLibrary.load()
      try add(.good("OpenCL loader", library.path))
    } catch {
      return try add(.bad("OpenCL loader", Self.fact(error), remedy: InstallCommand.openCL))
    }
    let files = DriverFiles()
    try add(files)
    if files.includesPOCL { try add(KernelCache.poclFinding) }
    do {
      let platforms = try library.platforms()
      for platform in platforms { try add(.good("platform", "\(platform.name), \(platform.version)")) }
    } catch {
      return try add(.bad("platforms", Self.fact(error), remedy: InstallCommand.driver))
    }
    do {
      try examine(try library.devices())
    } catch let error as OpenCLError {
      // A cross above may already say why.
      let remedy = findings.allSatisfy(\.ok) ? InstallCommand.driver : nil
      try add(.bad("devices", Self.fact(error), remedy: remedy))
    }
  }

  /// What is wrong, without the advice that the remedy gives.
  private static func fact(_ error: any Error) -> String {
    switch error {
    case OpenCLError.libraryNotFound(let reasons): "none found (\(reasons.joined(separator: "; ")))"
    case OpenCLError.noPlatforms: "none: the loader found no working driver (CL_PLATFORM_NOT_FOUND_KHR)"
    case OpenCLError.noDevices(let platforms): "the drivers (\(platforms.joined(separator: ", "))) offer none"
    default: "\(error)"
    }
  }

  private mutating func add(_ files: DriverFiles) throws {
    if files.drivers.isEmpty {
      try add(.bad("OpenCL drivers", "no .icd file in \(files.place)", remedy: InstallCommand.driver))
    }
    for driver in files.drivers {
      if let fault = driver.fault {
        try add(
          .bad(
            "OpenCL driver", "\(driver.file) names \(driver.library.isEmpty ? "nothing" : driver.library): \(fault)",
            remedy: driver.library.contains("pocl")
              ? InstallCommand.reinstallation : "\(InstallCommand.sudo)rm \(ShellWord.quoted(driver.file))"))
      } else {
        try add(.good("OpenCL driver", "\(driver.file): \(driver.library)"))
      }
    }
    // Containers often bring NVIDIA's library without the file that tells the loader of it.
    if !files.includesNVIDIA, access("/dev/nvidiactl", F_OK) == 0 {
      let library = "libnvidia-opencl.so.1"
      let hasLibrary = DriverFiles.fault(of: library) == nil
      try add(
        .bad(
          "NVIDIA GPU", "there is one, but the OpenCL loader is not told of its driver",
          remedy: hasLibrary
            ? "\(InstallCommand.sudo)sh -c 'mkdir -p /etc/OpenCL/vendors && echo \(library) > /etc/OpenCL/vendors/nvidia.icd'"
            : "\(InstallCommand.sudo)apt-get install nvidia-opencl-icd"))
    }
  }

  private mutating func examine(_ devices: [Device]) throws {
    try add(KernelCache.ownFinding)
    self.devices = DeviceEntry.all(devices)
    let trial = try DeviceTrial()
    for (index, device) in devices.enumerated() {
      let title = "device \(index)"
      try add(
        .good(
          title,
          "\(device.name) (\(device.kind.rawValue), \(Quantity.counted(device.computeUnits, "compute unit"))),"
            + " \(Quantity.bytes(device.globalMemoryBytes)) of memory,"
            + " at most \(Quantity.bytes(device.maxAllocationBytes)) in one buffer"))
      var solvesAll = true
      for (name, feedback) in [("explicit", Feedback.explicit), ("implicit", .implicit(alpha: 10))] {
        let finding = solve(trial, on: device, title: "\(title), \(name) solve", feedback: feedback)
        solvesAll = solvesAll && finding.ok
        try add(finding)
      }
      if solvesAll { usable.append(index) }
    }
  }

  private func solve(_ trial: DeviceTrial, on device: Device, title: String, feedback: Feedback) -> Finding {
    let remedy = "gpuals train --device reference …, or another --device; then report it with this output"
    do {
      let error = try trial.relativeError(of: OpenCLBackend(device: device), feedback: feedback)
      let text = "relative error \(Quantity.scientific(error)) against the reference"
      return error <= DeviceTrial.tolerance
        ? .good(title, text) : .bad(title, "\(text): the device computes something else", remedy: remedy)
    } catch {
      return .bad(title, "\(error)", remedy: remedy)
    }
  }

  private func hostMemory() -> Finding {
    let pages = Int64(sysconf(Int32(_SC_PHYS_PAGES)))
    let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
    let memory = pages > 0 && page > 0 ? Quantity.bytes(UInt64(pages * page)) : "unknown"
    return .good("host", "\(Quantity.counted(Parallel.workerCount, "core")), \(memory) of memory")
  }
}
