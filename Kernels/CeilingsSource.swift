/// `ceilings.cl`: the kernels that measure a device. They know nothing of ranks and ratings, and so are no ``KernelSource``.
public enum CeilingsSource {
  /// OpenCL C ready to compile, with a `#line` directive so that a build log names file and line as they stand in `Kernels/`.
  public static var source: String {
    "#line 1 \"ceilings.cl\"\n" + String(decoding: PackageResources.ceilings_cl, as: UTF8.self)
  }
}
