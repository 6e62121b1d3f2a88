import ALSKernels
import OpenCL

/// What a device does at best, measured by event times: what the kernels of training are held against.
struct DeviceCeilings: Encodable {
  /// 32-bit fused multiply-adds, two operations each, in 10⁹ a second.
  var fmaGFLOPS: Double
  /// Reading and writing global memory, both counted, in 10⁹ bytes a second.
  var copyGBps: Double
  /// From the host to the device, in 10⁹ bytes a second.
  var uploadGBps: Double
  /// From the device to the host, in 10⁹ bytes a second.
  var downloadGBps: Double

  enum CodingKeys: String, CodingKey {
    case fmaGFLOPS = "fma_gflops"
    case copyGBps = "copy_gbps"
    case uploadGBps = "upload_gbps"
    case downloadGBps = "download_gbps"
  }

  /// Independent chains of `fma_rate`.
  private static let chains = 10
  /// Each ceiling is the best of so many runs: what disturbs a run only makes it slower.
  private static let repetitions = 5

  /// Measures a device; takes about a second.
  init(_ device: Device) throws(OpenCLError) {
    let profile = CommandProfile()
    let context = try Context(device: device, profile: profile)
    let queue = try CommandQueue(context)
    fmaGFLOPS = 0
    // What a vector should be differs from device to device: the best of the likely widths counts.
    for width in device.kind == .cpu ? [8, 16] : [1, 2, 4] {
      fmaGFLOPS = max(fmaGFLOPS, try Self.fmaRate(queue, profile, width: width) / 1e9)
    }
    copyGBps = try Self.copyRate(queue, profile) / 1e9
    (uploadGBps, downloadGBps) = try Self.transferRates(queue, profile)
  }

  private static func program(_ context: Context, width: Int = 8) throws(OpenCLError) -> Program {
    let isCPU = context.device.kind == .cpu
    return try Program(
      context, source: CeilingsSource.source, options: "-D WIDTH=\(width) -D CONTIGUOUS=\(isCPU ? 1 : 0)")
  }

  /// Work-groups and their size that fill a device.
  private static func launch(_ device: Device, groupsPerUnit: Int) -> (groups: Int, size: Int) {
    device.kind == .cpu
      ? (device.computeUnits, 1) : (device.computeUnits * groupsPerUnit, min(256, device.maxWorkGroupSize))
  }

  /// Seconds of the commands recorded since the last look.
  private static func seconds(_ profile: CommandProfile, _ name: String) throws(OpenCLError) -> Double {
    try profile.take().filter { $0.name == name }.reduce(0) { $0 + $1.seconds }
  }

  private static func fmaRate(_ queue: CommandQueue, _ profile: CommandProfile, width: Int) throws(OpenCLError)
    -> Double
  {
    let device = queue.context.device
    let kernel = try Kernel<UInt32, Float, Float, Buffer<Float>>(try program(queue.context, width: width), "fma_rate")
    let (groups, size) = launch(device, groupsPerUnit: 16)
    let out: Buffer<Float> = try Buffer(queue.context, count: groups * size * width, what: "results nobody reads")
    func run(_ rounds: UInt32) throws(OpenCLError) -> Double {
      try kernel.enqueue(on: queue, groups: groups, groupSize: size, rounds, 0.999, 0.001, out)
      return try seconds(profile, "fma_rate")
    }
    // Long enough that starting does not count.
    let longEnough = device.kind == .cpu ? 0.1 : 0.02
    var rounds: UInt32 = 1000
    while try run(rounds) < longEnough, rounds < 1 << 29 { rounds *= 2 }
    var best = Double.infinity
    for _ in 0..<repetitions { best = min(best, try run(rounds)) }
    return Double(groups * size) * Double(rounds) * Double(chains * width * 2) / best
  }

  private static func copyRate(_ queue: CommandQueue, _ profile: CommandProfile) throws(OpenCLError) -> Double {
    let device = queue.context.device
    let kernel = try Kernel<Buffer<Float>, UInt64, Buffer<Float>>(try program(queue.context), "copy_floats")
    let (groups, size) = launch(device, groupsPerUnit: 8)
    // Far larger than any cache: 256 MiB, or what there is room for.
    let bytes = min(256 << 20, device.maxAllocationBytes / 2, device.globalMemoryBytes / 8)
    let count = Int(bytes) / 32
    let from: Buffer<Float> = try Buffer(queue.context, count: count * 8, what: "what is copied")
    let to: Buffer<Float> = try Buffer(queue.context, count: count * 8, what: "the copy")
    try queue.fill(from, with: 1)
    try queue.fill(to, with: 0)
    var best = Double.infinity
    _ = try profile.take()
    for _ in 0..<repetitions {
      try kernel.enqueue(on: queue, groups: groups, groupSize: size, from, UInt64(count), to)
      best = min(best, try seconds(profile, "copy_floats"))
    }
    return Double(2 * 32 * count) / best
  }

  private static func transferRates(_ queue: CommandQueue, _ profile: CommandProfile) throws(OpenCLError) -> (
    upload: Double, download: Double
  ) {
    let count = Int(min(64 << 20, queue.context.device.maxAllocationBytes)) / MemoryLayout<Float>.size
    var host = [Float](repeating: 1, count: count)
    let buffer: Buffer<Float> = try Buffer(queue.context, count: count, what: "what is transferred")
    var best = (upload: Double.infinity, download: Double.infinity)
    for _ in 0..<repetitions {
      try queue.write(host, to: buffer)
      best.upload = min(best.upload, try seconds(profile, "write"))
      try host.withUnsafeMutableBufferPointer { (pointer) throws(OpenCLError) in
        try queue.read(buffer, into: pointer)
      }
      best.download = min(best.download, try seconds(profile, "read"))
    }
    let gigabytes = Double(count * MemoryLayout<Float>.size) / 1e9
    return (gigabytes / best.upload, gigabytes / best.download)
  }
}
