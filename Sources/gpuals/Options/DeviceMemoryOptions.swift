import ALSOpenCL
import ArgumentParser

/// How much of the device's memory is used, and for what.
struct DeviceMemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most memory to take on the device, such as 512M, 8G or a number of bytes. Ratings that do not fit are streamed. (default: what the device has, less a reserve)",
      valueName: "SIZE"))
  var deviceMemory: MemorySize?

  @Flag(
    help: """
      Copy the ratings even to a device that can read them in the host's memory, as to a GPU with memory of its own. For \
      testing.
      """)
  var copyRatings = false

  /// The wishes as the library takes them.
  var settings: MemorySettings { MemorySettings(cap: deviceMemory?.bytes, copiesRatings: copyRatings) }
}
