import ALS

extension NormalEquations {
  /// The row's unknowns with x ≥ 0 for the first `boundedCount` of them (all by default), and with the least ½ xᵀAx − bᵀx, by the active-set method of Lawson and Hanson (Solving Least Squares
  /// Problems, 1974, chapter 23) on the normal equations: exact up to rounding, in about as many steps as x has positive elements.
  ///
  /// - Returns: `nil` if A is singular on a set of factors that are to be positive.
  package func nonnegativeSolution(boundedCount: Int? = nil) -> [Double]? {
    let order = matrix.order
    if rightSide.allSatisfy({ $0 == 0 }) { return rightSide }
    let bounded = 0..<(boundedCount ?? order)
    var x = [Double](repeating: 0, count: order)
    var isFree = [Bool](repeating: false, count: order)
    if bounded.count < order {
      for k in bounded.upperBound..<order { isFree[k] = true }
      guard let start = solution(on: isFree) else { return nil }
      x = start
    }
    let tolerance = 1e-12 * (rightSide.map(abs).max() ?? 0)
    // The objective falls with every step, so that no set of free elements comes twice; rounding may see it otherwise.
    for _ in 0..<10 * order + 10 {
      let gradient = self.gradient(at: x)
      let candidates = bounded.filter { !isFree[$0] && gradient[$0] < -tolerance }
      guard let next = candidates.min(by: { gradient[$0] < gradient[$1] }) else { break }
      isFree[next] = true
      guard var target = solution(on: isFree) else { return nil }
      // The steepest slope is rounding noise: so are all.
      if target[next] <= 0 { break }
      while let (step, first) = Self.longestStep(from: x, towards: target, bounded.filter { isFree[$0] }) {
        for k in 0..<order where isFree[k] { x[k] += step * (target[k] - x[k]) }
        for k in bounded where isFree[k] && (k == first || x[k] <= 0) { (x[k], isFree[k]) = (0, false) }
        guard let shorter = solution(on: isFree) else { return nil }
        target = shorter
      }
      x = target
    }
    return x
  }

  /// The share of the way to the target after which the first of some elements arrives at zero, and that element; `nil` if none does.
  private static func longestStep(from x: [Double], towards target: [Double], _ elements: [Int]) -> (Double, Int)? {
    elements.filter { target[$0] <= 0 }.map { (x[$0] / (x[$0] - target[$0]), $0) }
      .min { $0.0 < $1.0 }
  }

  /// How far x is from the Karush-Kuhn-Tucker conditions, relative to the largest element of the right side: no slope at a
  /// positive factor, no slope downwards at a zero; infinite if a factor is below zero.
  package func nonnegativeResidual(of x: [Double]) -> Double {
    let gradient = gradient(at: x)
    var worst = 0.0
    for k in x.indices {
      if x[k] < 0 { return .infinity }
      worst = max(worst, x[k] > 0 ? abs(gradient[k]) : -gradient[k])
    }
    let scale = rightSide.map(abs).max() ?? 0
    return scale > 0 ? worst / scale : worst
  }

  /// A x − b.
  private func gradient(at x: [Double]) -> [Double] { zip(matrix.product(with: x), rightSide).map { $0 - $1 } }

  /// The solution of the equations of some elements, zero for the others.
  package func solution(on isFree: [Bool]) -> [Double]? {
    FactoredEquations(matrix, on: isFree)?.solution(for: rightSide)
  }
}
