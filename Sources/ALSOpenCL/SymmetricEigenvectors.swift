/// The eigenvalues and eigenvectors of a real symmetric matrix: A = Eᵀ diag(e) E with the eigenvectors as the rows of E.
///
/// By Householder's reduction to tridiagonal form and the QL method with implicit shifts (Golub and Van Loan, Matrix
/// Computations, chapter 8), in 64 bits; O(n³), about 12 n³ operations.
package struct SymmetricEigenvectors {
  /// In no particular order.
  package private(set) var values: [Double]
  /// n × n; row k belongs to value k, and has length 1.
  package private(set) var vectors: [Double]

  /// Steps of the QL method for one eigenvalue; three are usual.
  private static let mostSteps = 60

  /// `nil` if the matrix has elements that are not finite.
  ///
  /// - Parameter matrix: n × n, both triangles.
  package init?(_ matrix: [Double], order n: Int) {
    precondition(matrix.count == n * n)
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    values = [Double](repeating: 0, count: n)
    vectors = [Double](repeating: 0, count: n * n)
    var a = matrix
    var beside = [Double](repeating: 0, count: n)
    a.withUnsafeMutableBufferPointer { a in
      vectors.withUnsafeMutableBufferPointer { v in
        for k in 0..<n { v[k * n + k] = 1 }
        Self.reduce(a, transforming: v, order: n)
      }
    }
    for k in 0..<n {
      values[k] = a[k * n + k]
      if k + 1 < n { beside[k] = a[k * n + k + 1] }
    }
    guard diagonalize(beside, order: n) else { return nil }
  }

  /// A becomes tridiagonal, H A H, and V becomes H V, H the product of all reflections.
  private static func reduce(
    _ a: UnsafeMutableBufferPointer<Double>, transforming v: UnsafeMutableBufferPointer<Double>, order n: Int
  ) {
    guard n > 2 else { return }
    var u = [Double](repeating: 0, count: n)
    var p = [Double](repeating: 0, count: n)
    for k in 0..<n - 2 {
      // I - u uᵀ maps the elements right of the diagonal to one.
      let first = k + 1
      var squared = 0.0
      for j in first..<n { squared += a[k * n + j] * a[k * n + j] }
      let head = a[k * n + first]
      if squared - head * head <= 0 { continue }
      let image = head > 0 ? -squared.squareRoot() : squared.squareRoot()
      let scale = 1 / (squared - head * image).squareRoot()
      for j in first..<n { u[j] = a[k * n + j] * scale }
      u[first] = (head - image) * scale
      a[k * n + first] = image
      a[first * n + k] = image
      for j in first + 1..<n {
        a[k * n + j] = 0
        a[j * n + k] = 0
      }
      // B - u qᵀ - q uᵀ of the rest B, with p = B u and q = p - (pᵀu / 2) u.
      var product = 0.0
      for i in first..<n {
        var sum = 0.0
        for j in first..<n { sum += a[i * n + j] * u[j] }
        p[i] = sum
        product += sum * u[i]
      }
      for i in first..<n { p[i] -= product / 2 * u[i] }
      for i in first..<n {
        let (ui, pi) = (u[i], p[i])
        for j in first..<n { a[i * n + j] -= ui * p[j] + pi * u[j] }
      }
      for j in 0..<n { p[j] = 0 }
      for i in first..<n { for j in 0..<n { p[j] += u[i] * v[i * n + j] } }
      for i in first..<n { for j in 0..<n { v[i * n + j] -= u[i] * p[j] } }
    }
  }

  /// From the tridiagonal matrix of ``values`` and the elements beside them. False if it does not converge.
  private mutating func diagonalize(_ elements: [Double], order n: Int) -> Bool {
    var beside = elements
    for l in 0..<n {
      for step in 0... {
        // Up to the first element beside the diagonal that is nothing against its neighbours.
        var m = l
        while m < n - 1, abs(beside[m]) > .ulpOfOne * (abs(values[m]) + abs(values[m + 1])) { m += 1 }
        if m == l { break }
        if step == Self.mostSteps { return false }
        var g = (values[l + 1] - values[l]) / (2 * beside[l])
        var r = (g * g + 1).squareRoot()
        g = values[m] - values[l] + beside[l] / (g + (g < 0 ? -r : r))
        var (sine, cosine, p) = (1.0, 1.0, 0.0)
        var deflated = false
        for i in stride(from: m - 1, through: l, by: -1) {
          let f = sine * beside[i]
          let b = cosine * beside[i]
          r = (f * f + g * g).squareRoot()
          beside[i + 1] = r
          if r == 0 {
            values[i + 1] -= p
            beside[m] = 0
            deflated = true
            break
          }
          sine = f / r
          cosine = g / r
          g = values[i + 1] - p
          r = (values[i] - g) * sine + 2 * cosine * b
          p = sine * r
          values[i + 1] = g + p
          g = cosine * r - b
          turn(i, sine: sine, cosine: cosine, order: n)
        }
        if deflated { continue }
        values[l] -= p
        beside[l] = g
        beside[m] = 0
      }
    }
    return true
  }

  /// Turns rows i and i + 1 of the vectors.
  private mutating func turn(_ i: Int, sine: Double, cosine: Double, order n: Int) {
    vectors.withUnsafeMutableBufferPointer { v in
      for k in 0..<n {
        let upper = v[i * n + k]
        let lower = v[(i + 1) * n + k]
        v[(i + 1) * n + k] = sine * upper + cosine * lower
        v[i * n + k] = cosine * upper - sine * lower
      }
    }
  }
}
