/// The score of a pair.
struct PredictedScore: Encodable, Sendable {
  var user: String
  var item: String
  var prediction: Float
}
