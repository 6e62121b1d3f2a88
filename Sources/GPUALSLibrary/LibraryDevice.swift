import ALS
import ALSOpenCL
import ALSReference
import CGPUALS
import OpenCL
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `gpuals_device` stands for. Calls take turns.
final class LibraryDevice: Sendable {
  let name: String
  /// Where lists are searched for: of several devices the first; `nil`: on the host.
  let device: Device?
  private let backend: Mutex<any Backend>
  /// The thread that computes; 0 without any.
  private let thread = Atomic<UInt>(0)

  init(_ text: String) throws {
    let backend: any Backend
    if text == "reference" {
      device = nil
      backend = ReferenceBackend()
    } else {
      guard let selection = DeviceSelection(text) else { throw LibraryFailure.unknownDevice(text) }
      let devices = try selection.devices()
      device = devices[0]
      let members = try devices.map { try OpenCLBackend(device: $0) }
      backend = members.count == 1 ? members[0] : DeviceGroup(members)
    }
    name = backend.name
    self.backend = Mutex(backend)
  }

  /// Computes with the backend while no other call does.
  ///
  /// - Throws: ``LibraryFailure/deviceAtWork`` if `body` of another call on this thread makes this one.
  func compute<Result: Sendable>(_ body: (any Backend) throws -> Result) throws -> Result {
    let own = Self.ownThread
    guard thread.load(ordering: .relaxed) != own else { throw LibraryFailure.deviceAtWork }
    return try backend.withLock { backend in
      thread.store(own, ordering: .relaxed)
      defer { thread.store(0, ordering: .relaxed) }
      return try body(backend)
    }
  }

  private static var ownThread: UInt {
    #if canImport(Darwin)
      UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }

  static func of(_ pointer: OpaquePointer?) throws(LibraryFailure) -> LibraryDevice {
    guard let pointer else { throw .nullPointer("the device") }
    return Unmanaged<LibraryDevice>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }
}

/// `gpuals_version` of the header.
@c(gpuals_version)
public func libraryVersion() -> Int32 { Int32(GPUALS_VERSION) }

/// `gpuals_device_open` of the header.
@c(gpuals_device_open)
public func openDevice(
  _ name: UnsafePointer<CChar>?, _ device: UnsafeMutablePointer<OpaquePointer?>?,
  _ message: UnsafeMutablePointer<CChar>?,
  _ messageSize: Int
) -> Int32 {
  outcome(message, messageSize) {
    guard let device else { throw LibraryFailure.nullPointer("the place of the device") }
    device.pointee = nil
    guard let name else { throw LibraryFailure.nullPointer("the name of the device") }
    let opened = try LibraryDevice(String(cString: name))
    device.pointee = OpaquePointer(Unmanaged.passRetained(opened).toOpaque())
    return GPUALS_OK
  }
}

/// `gpuals_device_name` of the header.
@c(gpuals_device_name)
public func nameOfDevice(_ device: OpaquePointer?, _ name: UnsafeMutablePointer<CChar>?, _ nameSize: Int) {
  write((try? LibraryDevice.of(device))?.name ?? "", to: name, nameSize)
}

/// `gpuals_device_close` of the header.
@c(gpuals_device_close)
public func closeDevice(_ device: OpaquePointer?) {
  guard let device else { return }
  Unmanaged<LibraryDevice>.fromOpaque(UnsafeRawPointer(device)).release()
}
