import ArgumentParser

/// `--quiet`.
struct ProgressOptions: ParsableArguments {
  @Flag(name: [.long, .customShort("q")], help: "Show neither progress nor notices (warnings and errors still appear).")
  var quiet = false

  /// Where to tell what happens.
  var notices: Notices { Notices(isQuiet: quiet) }
}
