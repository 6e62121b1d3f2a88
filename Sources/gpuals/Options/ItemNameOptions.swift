import ALS
import ArgumentParser
import RatingsIO

/// `--item-names FILE --encoding E`.
struct ItemNameOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of ids and names, kept with the model and shown wherever items are.", valueName: "FILE"))
  var itemNames: String?

  @Option(
    help: ArgumentHelp(
      "The encoding of the names. (default: UTF-8 if they are valid UTF-8, else Windows-1252)",
      valueName: "ENCODING"))
  var encoding: TextEncoding?

  func validate() throws {
    if encoding != nil, itemNames == nil {
      throw ValidationError("--encoding says how --item-names is encoded: give --item-names as well, or leave it out.")
    }
  }
}
