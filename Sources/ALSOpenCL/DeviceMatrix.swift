import ALS
import OpenCL

/// Rows of ratings in the memory of a device, as kernels read them.
struct DeviceMatrix {
  let rowCount: Int
  /// rows + 1 offsets, 64-bit; the first is 0.
  let rowOffsets: Buffer<UInt64>
  /// Column of each entry.
  let columns: Buffer<Int32>
  /// Rating of each entry.
  let ratings: Buffer<Float>
}
