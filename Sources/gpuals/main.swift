#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

exit(EntryPoint.run(arguments: Array(ProgramArguments.all.dropFirst())).rawValue)
