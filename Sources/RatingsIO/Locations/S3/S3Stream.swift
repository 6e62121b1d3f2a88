#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of an object as they arrive. A transfer that breaks is begun again, and goes on where it broke.
final class S3Stream: ByteStream {
  private let object: S3Object
  private var command: S3Command?
  /// What the client writes to. It ends by itself when nobody reads.
  private var arriving: DescriptorStream?
  /// Bytes handed out.
  private var received = 0
  private var attempts = 0

  private static let mostAttempts = 4

  init(_ object: S3Object) throws(RatingsIOError) {
    self.object = object
    try start()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RatingsIOError) -> Int {
    while true {
      if received == object.size || buffer.isEmpty { return 0 }
      let count = arrived(in: buffer)
      if count > 0 {
        received += count
        return count
      }
      try startAgain()
    }
  }

  private func start() throws(RatingsIOError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .readFailed(file: object.place.description, status: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    arriving = DescriptorStream(ends[0], name: object.place.description, ownsDescriptor: true)
    attempts += 1
    command = S3Command.start(
      ["s3", "cp", "--only-show-errors", object.place.description, "-"], place: object.place.description,
      output: ends[1])
  }

  /// Begins anew after a transfer that ended early, and passes over what was handed out already.
  private func startAgain() throws(RatingsIOError) {
    arriving = nil
    do {
      try command?.finish()
    } catch {
      // What will not be otherwise the next time is told at once.
      switch error {
      case .unreachable, .failed: break
      default: throw .s3(error)
      }
      if attempts >= Self.mostAttempts { throw received == 0 ? .s3(error) : .s3(broken) }
    }
    guard attempts < Self.mostAttempts else { throw .s3(broken) }
    usleep(useconds_t(200_000 * attempts * attempts))
    do {
      guard try S3Storage.head(object.place)?.tag == object.tag else {
        throw RatingsIOError.s3(.changed(place: object.place.description))
      }
    } catch let error as RatingsIOError {
      throw error
    } catch {
      throw .s3(.failed(place: object.place.description, detail: "\(error)"))
    }
    try start()
    var left = received
    var scrap = [UInt8](repeating: 0, count: 1 << 20)
    while left > 0 {
      let count = scrap.withUnsafeMutableBytes { bytes in
        arrived(in: UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(left, bytes.count)]))
      }
      if count <= 0 { return try startAgain() }
      left -= count
    }
  }

  private var broken: S3Error {
    .brokenTransfer(place: object.place.description, received: received, expected: object.size)
  }

  /// 0 at the end, and where reading fails: either way what is missing is asked for again.
  private func arrived(in buffer: UnsafeMutableRawBufferPointer) -> Int { (try? arriving?.read(into: buffer)) ?? 0 }
}
