import ALSOpenCL
import ArgumentParser

/// What `--kernel-family` names.
enum KernelChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
  case auto, cpu, gpu

  /// The family, or `nil` for the device's own.
  var family: KernelFamily? {
    switch self {
    case .auto: nil
    case .cpu: .cpu
    case .gpu: .gpu
    }
  }
}
