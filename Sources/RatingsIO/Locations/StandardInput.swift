#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `-`: what is piped into the program.
struct StandardInput: Storage, FileOrigin {
  static func holds(_ text: String) -> Bool { text == "-" }

  static func files(at text: String) -> [InputFile] { [file(at: text)] }

  static func file(at text: String) -> InputFile {
    InputFile(origin: StandardInput(), name: "standard input", size: nil)
  }

  func stream(named name: String) -> any ByteStream {
    DescriptorStream(STDIN_FILENO, name: name, ownsDescriptor: false)
  }

  func file(named name: String) -> ReadableFile? { nil }
}
