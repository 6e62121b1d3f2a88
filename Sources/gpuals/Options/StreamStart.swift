import ArgumentParser
import RatingsIO

/// What `--stream-start` names.
enum StreamStart: String, Sendable, CaseIterable, ExpressibleByArgument {
  case oldest, latest

  var position: KinesisShard.Position { self == .oldest ? .oldest : .latest }
}
