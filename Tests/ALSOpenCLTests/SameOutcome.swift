import ALS
import Testing

/// Expects the same bits of factors, errors and losses; times may differ.
func expectSame(_ a: Trainer.Outcome, _ b: Trainer.Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
  let isSame = a.state.factors == b.state.factors
  #expect(isSame, sourceLocation: sourceLocation)
  #expect(a.state.history.map(\.trainRMSE) == b.state.history.map(\.trainRMSE), sourceLocation: sourceLocation)
  #expect(a.state.history.map(\.loss) == b.state.history.map(\.loss), sourceLocation: sourceLocation)
  #expect(a.state.history.map(\.testRMSE) == b.state.history.map(\.testRMSE), sourceLocation: sourceLocation)
}
