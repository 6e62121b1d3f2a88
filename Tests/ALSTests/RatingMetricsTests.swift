import ALS
import Testing

struct RatingMetricsTests {
  @Test func `errors are averaged over the pairs`() {
    var metrics = RatingMetrics()
    metrics.add(prediction: 3, target: 5)
    metrics.add(prediction: 4, target: 4)
    metrics.add(prediction: 2, target: 1)
    metrics.add(prediction: -1, target: 1)
    #expect(metrics.count == 4)
    #expect(metrics.rmse == 1.5)
    #expect(metrics.mae == 1.25)
  }

  @Test func `without pairs there is no error to tell`() {
    #expect(RatingMetrics().count == 0)
    #expect(RatingMetrics().rmse.isNaN && RatingMetrics().mae.isNaN)
  }

  @Test func `a prediction that is not a number makes the errors so`() {
    var metrics = RatingMetrics()
    metrics.add(prediction: 1, target: 1)
    metrics.add(prediction: .nan, target: 1)
    #expect(metrics.rmse.isNaN && metrics.mae.isNaN)
  }
}
