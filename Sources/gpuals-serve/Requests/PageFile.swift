/// The files of the page at /, by the names that they have below `/page/`; they are embedded into the program.
enum PageFile: String, Sendable, CaseIterable {
  /// Stands at /.
  case document = "index.html"
  case style = "style.css"
  case main = "main.js"
  case elements = "elements.js"
  case service = "service.js"
  case search = "search.js"
  case lists = "lists.js"
  case tasteView = "taste.js"
  case userView = "user.js"

  /// What it is.
  var contentType: String {
    switch self {
    case .document: "text/html; charset=utf-8"
    case .style: "text/css; charset=utf-8"
    default: "text/javascript; charset=utf-8"
    }
  }

  /// The file.
  var bytes: [UInt8] {
    switch self {
    case .document: PackageResources.index_html
    case .style: PackageResources.style_css
    case .main: PackageResources.main_js
    case .elements: PackageResources.elements_js
    case .service: PackageResources.service_js
    case .search: PackageResources.search_js
    case .lists: PackageResources.lists_js
    case .tasteView: PackageResources.taste_js
    case .userView: PackageResources.user_js
    }
  }

  /// Tells one state of the file from another: FNV-1a of its bytes, in quotes.
  var entityTag: String { Self.entityTags[self] ?? "" }

  private static let entityTags: [PageFile: String] = {
    var tags: [PageFile: String] = [:]
    for file in allCases {
      let hash = file.bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      tags[file] = "\"" + String(hash, radix: 16) + "\""
    }
    return tags
  }()
}
