#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files by which the OpenCL loader knows its drivers: `*.icd`, each with the name of a driver's library in it.
struct DriverFiles {
  /// One driver.
  struct Driver {
    /// The `.icd` file.
    var file: String
    /// The library that it names; empty if it cannot be read.
    var library: String
    /// What the dynamic linker says of the library, if it does not open.
    var fault: String?
  }

  /// Where the loader looks.
  var place: String
  /// What it finds there.
  var drivers: [Driver]

  /// Looks where the loader looks: `OCL_ICD_VENDORS` or `OPENCL_VENDOR_PATH` (a directory, or one file), else
  /// `/etc/OpenCL/vendors`.
  init() {
    let named = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"].lazy.compactMap { Terminal.environment($0) }
      .first { !$0.isEmpty }
    let place = named ?? "/etc/OpenCL/vendors"
    let files = place.hasSuffix(".icd") ? [place] : Self.names(in: place).map { "\(place)/\($0)" }
    drivers = files.map { file in
      let library = Self.firstLine(of: file)
      return Driver(file: file, library: library, fault: library.isEmpty ? "names no library" : Self.fault(of: library))
    }
    self.place = place
  }

  /// Whether one of them is pocl.
  var includesPOCL: Bool { drivers.contains { $0.library.contains("pocl") || $0.file.contains("pocl") } }

  /// Whether one of them is NVIDIA's.
  var includesNVIDIA: Bool { drivers.contains { $0.library.contains("nvidia") } }

  private static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".icd") { names.append(name) }
    }
    return names.sorted()
  }

  private static func firstLine(of file: String) -> String {
    guard let stream = fopen(file, "r") else { return "" }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, stream)
    let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self)
  }

  /// Opens the library as the loader does, to hear why it does not.
  static func fault(of library: String) -> String? {
    guard dlopen(library, RTLD_LAZY | RTLD_LOCAL) == nil else { return nil }
    return dlerror().map { String(cString: $0) } ?? "cannot be opened"
  }
}
