/// The answers to several instances, in their order.
struct PredictionList: Encodable, Sendable {
  var predictions: [RecommendationList]
}
