import ALS

extension NormalEquations {
  /// The row's factors after up to `steps` steps of the conjugate gradient method from `start`; zero where the right side is.
  ///
  /// Ends early where ‖b − A x‖ is at most ``Solver/residualTolerance`` of what it was at the start, and where A has no
  /// positive curvature along the direction of search.
  package func conjugateGradient(from start: [Double], steps: Int) -> [Double] {
    if rightSide.allSatisfy({ $0 == 0 }) { return rightSide }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var x = start
    var residual = zip(rightSide, matrix.product(with: x)).map { $0 - $1 }
    var direction = residual
    var squared = dot(residual, residual)
    let enough = Double(Solver.residualTolerance * Solver.residualTolerance) * squared
    for _ in 0..<steps where squared > enough {
      let image = matrix.product(with: direction)
      let curvature = dot(direction, image)
      guard curvature > 0 else { break }
      let length = squared / curvature
      for k in x.indices {
        x[k] += length * direction[k]
        residual[k] -= length * image[k]
      }
      let next = dot(residual, residual)
      for k in x.indices { direction[k] = residual[k] + next / squared * direction[k] }
      squared = next
    }
    return x
  }
}
