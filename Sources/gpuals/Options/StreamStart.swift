import ArgumentParser

/// What `--stream-start` names: where to begin in a stream that nothing was read of yet.
enum StreamStart: String, Sendable, CaseIterable, ExpressibleByArgument {
  case oldest, latest
}
