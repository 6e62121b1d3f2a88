#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Commands that bring what is missing.
enum InstallCommand {
  /// "sudo " for those who need it.
  static var sudo: String { geteuid() == 0 ? "" : "sudo " }

  /// A loader and a driver for the CPU.
  static var openCL: String { "\(sudo)apt-get install ocl-icd-libopencl1 pocl-opencl-icd" }

  /// A driver whose file is there, but not its library.
  static var reinstallation: String { "\(sudo)apt-get install --reinstall pocl-opencl-icd libpocl2" }

  /// A driver for the CPU alone.
  static var driver: String { "\(sudo)apt-get install pocl-opencl-icd" }
}
