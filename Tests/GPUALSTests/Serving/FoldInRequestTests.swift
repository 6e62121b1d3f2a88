import ALS
import ALSReference
import RatingsIO
import Testing

@Suite struct `Somebody unknown to the service` {
  private static let ratings: [(item: String, rating: Float)] = [("102", 5), ("104", 4), ("107", 1), ("109", 3)]

  @Test(arguments: [
    [], ["--biases"], ["--nonnegative"], ["--biases", "--nonnegative"], ["--implicit", "--alpha", "4"],
    ["--implicit", "--nonnegative"], ["--solver", "cg", "--cg-steps", "2"], ["--precision", "float16"],
    ["--regularization-exponent", "0.5"],
  ])
  func `is solved as gpuals update solves a new user`(_ options: [String]) throws {
    let workspace = try SampleWorkspace.trained(options)
    let service = try ServeProgram(in: workspace)
    let model = try ModelDirectory(workspace.file("model")).load()
    let known = try #require(model.ratings)
    let given = Self.ratings.compactMap { entry in model.items.row(of: entry.item).map { ($0, entry.rating) } }
      .sorted { $0.0 < $1.0 }
    let user = known.rowCount
    func matrix(_ entries: [(Int, Float)]) -> CSRMatrix {
      CSRMatrix(
        columnCount: known.columnCount, rowOffsets: [Int](repeating: 0, count: user + 1) + [entries.count],
        columnIndices: entries.map { Int32($0.0) }, values: entries.map { $0.1 })
    }
    let change = RatingChanges(upserts: matrix(given), deletions: matrix([])).applied(to: known)
    let folded = try FoldIn(backend: ReferenceBackend(), parameters: model.parameters)
      .factors(after: change, from: model.factors, keepingItems: true).withBiasesAsFactors

    let rows = Self.ratings.map { #"{"item":"\#($0.item)","rating":\#($0.rating)}"# }.joined(separator: ",")
    let answer = try service.ask(
      "POST", "/v1/recommendations", body: #"{"ratings":[\#(rows)],"n":9,"exclude_seen":false}"#)
    #expect(answer.status == 200, "\(answer.body)")
    let list = try answer.json["recommendations"]?.elements ?? []
    let expected = folded.recommendations(forUser: user, count: 9)
    #expect(list.count == 9 && expected.count == 9)
    for (entry, wanted) in zip(list, expected) {
      #expect(entry["item"] == .text(model.items[wanted.row]))
      #expect(abs((entry["score"]?.number ?? .nan) - Double(wanted.score)) <= 1e-5)
      let reasons = entry["because"]?.elements ?? []
      #expect(reasons.count <= 3)
      let values = reasons.compactMap { $0["contribution"]?.number }
      #expect(values == values.sorted(by: >) && values.allSatisfy { $0 > 0 })
    }
    // What is rated is not recommended by default.
    let unseen = try service.ask("POST", "/v1/recommendations", body: #"{"ratings":[\#(rows)]}"#)
    let items = try unseen.json["recommendations"]?.elements.compactMap { $0["item"] } ?? []
    #expect(items.count == 5 && !items.contains { item in Self.ratings.contains { .text($0.item) == item } })
  }

  @Test func `learns why, and what the model does not know`() throws {
    let workspace = try SampleWorkspace.trained(["--item-names", "names.tsv"])
    let service = try ServeProgram(in: workspace)
    let answer = try service.ask(
      "POST", "/v1/recommendations",
      body: #"{"ratings":[{"item":102,"rating":5},{"item":"new","rating":4}],"n":1}"#)
    #expect(answer.status == 200)
    #expect(try answer.json["unknown_items"] == .array([.text("new")]))
    let reason = try answer.json["recommendations"]?.elements.first?["because"]?.elements.first
    #expect(
      reason?["item"] == .text("102") && reason?["name"] == .text("Bobby \"O\"") && reason?["rating"] == .number(5))
  }
}
