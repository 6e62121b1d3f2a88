#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Who closes a pipe or a connection is answered where we write.
signal(SIGPIPE, SIG_IGN)
LargeBlocks.returnToSystem()
exit(await EntryPoint.run(arguments: Array(CommandLine.arguments.dropFirst())).rawValue)
