/// A rating in the body of a request.
struct GivenRating: Decodable, Sendable {
  var item: IDValue
  var rating: Double
}
