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

  /// The names in the row order of some items, and how many there are told; `nil` where no file is given.
  func names(for items: IDIndex, _ notices: Notices) throws -> [String?]? {
    guard let file = itemNames else { return nil }
    let names = try ItemNamesReader.read(Location(file), encoding: encoding).names(for: items)
    let known = names.count { $0 != nil }
    if known == 0 {
      notices.warn("\(file): none of its ids is an item of the ratings, so no names will be shown")
    } else if known < items.count {
      notices.note("\(file): names for \(Quantity.grouped(known)) of \(Quantity.counted(items.count, "item"))")
    }
    return names
  }
}
