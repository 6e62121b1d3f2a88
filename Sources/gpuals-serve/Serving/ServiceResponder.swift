import HTTPTypes
import Hummingbird

/// From a request to its answer: who asks, for what, and what of it stands in the model.
struct ServiceResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let holder: ModelHolder
  let limits: RequestLimits
  let token: AccessToken?
  let metrics: ServiceMetrics
  let log: ServiceLog

  func respond(to request: Request, context: Context) async throws -> Response {
    let start = ContinuousClock.now
    let served = holder.current
    let target = RequestTarget(request.head.path ?? "")
    var route: Route?
    let answer: Answer
    do throws(RequestError) {
      answer = try await self.answer(to: request, target, served, &route)
    } catch {
      answer = .failure(error)
    }
    let elapsed = start.duration(to: .now) / .seconds(1)
    let name = route?.template ?? "none"
    metrics.count(route: name, status: answer.status.code, seconds: elapsed)
    log.write(
      .info, "request",
      [
        ("method", .text(String(request.method.rawValue.prefix(20)))), ("path", .text(String(target.path.prefix(200)))),
        ("route", .text(name)), ("status", .integer(answer.status.code)), ("ms", .milliseconds(elapsed * 1000)),
        ("bytes", .integer(answer.body.count)), ("generation", .integer(served.generation)),
      ])
    return request.method == .head ? answer.response.createHeadResponse() : answer.response
  }

  private func answer(to request: Request, _ target: RequestTarget, _ served: ServedModel, _ found: inout Route?)
    async throws(RequestError) -> Answer
  {
    let segments: [String]
    do throws(RequestError) {
      segments = try target.segments()
    } catch {
      // Whoever has no token learns nothing of what is here.
      try authorize(request)
      throw error
    }
    let route = Route(segments)
    found = route
    if route?.isOpen != true { try authorize(request) }
    guard let route else { throw .unknownRoute(target.path) }
    // HEAD is GET without the body.
    guard request.method == route.method || (request.method == .head && route.method == .get) else {
      throw .methodNotAllowed(request.method.rawValue, allowed: route.method.rawValue)
    }
    let parameters = try target.parameters()
    let answers = ModelAnswers(served: served, limits: limits)
    switch route {
    case .page(let file):
      try parameters.allow()
      return .page(file, knownTag: request.headers[.ifNoneMatch])
    case .model:
      try parameters.allow()
      return .json(answers.facts)
    case .userRecommendations(let user):
      try parameters.allow("n", "exclude_seen", "explain")
      return .json(
        try answers.recommendations(
          user: user, count: try parameters.listLength(limits),
          excludingSeen: try parameters.flag("exclude_seen", default: true),
          reasonCount: try parameters.wholeNumber("explain", in: 0...limits.reasons)))
    case .userRatings(let user):
      try parameters.allow("n")
      return .json(try answers.ratings(user: user, count: try parameters.listLength(limits)))
    case .item(let item):
      try parameters.allow()
      return .json(try answers.item(item))
    case .similarItems(let item):
      try parameters.allow("n")
      return .json(try answers.similar(item: item, count: try parameters.listLength(limits)))
    case .items:
      try parameters.allow("query", "n")
      return .json(
        answers.items(matching: parameters.text("query") ?? "", count: try parameters.listLength(limits)))
    case .prediction:
      try parameters.allow("user", "item")
      return .json(
        try answers.prediction(user: try parameters.required("user"), item: try parameters.required("item")))
    case .recommendations:
      try parameters.allow()
      let body: FoldInBody = try JSONBody.decode(try await RequestBodyReader(limits: limits).read(request))
      return .json(
        try answers.recommendations(
          ratings: body.ratings, count: try limits.checkedListLength(body.n), excludingSeen: body.excludeSeen ?? true,
          reasonCount: try limits.checkedReasons(body.explain)))
    case .invocations:
      try parameters.allow()
      return try answers.invocation(try JSONBody.decode(try await RequestBodyReader(limits: limits).read(request)))
    case .health, .ping:
      let model = served.model
      return .json(
        HealthReport(
          generation: served.generation, users: model.users.count, items: model.items.count,
          rank: model.parameters.rank))
    case .metrics:
      return Answer(
        status: .ok, contentType: "text/plain; version=0.0.4; charset=utf-8",
        body: Array(metrics.text(model: served).utf8))
    case .openAPI:
      return Answer(status: .ok, contentType: "application/json", body: PackageResources.openapi_json)
    }
  }

  private func authorize(_ request: Request) throws(RequestError) {
    guard let token else { return }
    guard let header = request.headers[.authorization] else { throw .missingToken }
    guard token.allows(header) else { throw .wrongToken }
  }
}
