import HTTPTypes

/// What there is to ask for.
enum Route: Sendable, Equatable {
  case page(PageFile)
  case model
  case userRecommendations(user: String)
  case userRatings(user: String)
  case recommendations
  case similarItems(item: String)
  case items
  case item(String)
  case prediction
  case health
  case metrics
  case openAPI
  case ping
  case invocations

  /// Finds the route of a path.
  init?(_ segments: [String]) {
    switch (segments.count, segments.first) {
    case (4, "v1") where segments[1] == "users" && segments[3] == "recommendations":
      self = .userRecommendations(user: segments[2])
    case (4, "v1") where segments[1] == "users" && segments[3] == "ratings": self = .userRatings(user: segments[2])
    case (4, "v1") where segments[1] == "items" && segments[3] == "similar": self = .similarItems(item: segments[2])
    case (3, "v1") where segments[1] == "items": self = .item(segments[2])
    case (2, "v1") where segments[1] == "model": self = .model
    case (2, "v1") where segments[1] == "recommendations": self = .recommendations
    case (2, "v1") where segments[1] == "items": self = .items
    case (2, "v1") where segments[1] == "predictions": self = .prediction
    case (1, ""): self = .page(.document)
    case (2, "page"):
      guard let file = PageFile(rawValue: segments[1]), file != .document else { return nil }
      self = .page(file)
    case (1, "healthz"): self = .health
    case (1, "metrics"): self = .metrics
    case (1, "openapi.json"): self = .openAPI
    case (1, "ping"): self = .ping
    case (1, "invocations"): self = .invocations
    default: return nil
    }
  }

  /// Its name in metrics and logs.
  var template: String {
    switch self {
    case .page(.document): "/"
    case .page: "/page/{file}"
    case .model: "/v1/model"
    case .userRecommendations: "/v1/users/{id}/recommendations"
    case .userRatings: "/v1/users/{id}/ratings"
    case .recommendations: "/v1/recommendations"
    case .similarItems: "/v1/items/{id}/similar"
    case .items: "/v1/items"
    case .item: "/v1/items/{id}"
    case .prediction: "/v1/predictions"
    case .health: "/healthz"
    case .metrics: "/metrics"
    case .openAPI: "/openapi.json"
    case .ping: "/ping"
    case .invocations: "/invocations"
    }
  }

  /// The one method that it takes.
  var method: HTTPRequest.Method {
    switch self {
    case .recommendations, .invocations: .post
    default: .get
    }
  }

  /// Whether it is answered without a token: who looks after health has none, and the page asks for it.
  var isOpen: Bool {
    switch self {
    case .page, .health, .ping: true
    default: false
    }
  }
}
