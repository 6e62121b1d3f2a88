/// The items most like one.
struct SimilarList: Encodable, Sendable {
  var item: String
  var name: String?
  var similar: [ListedItem]
}
