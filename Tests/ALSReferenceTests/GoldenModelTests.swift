import ALS
import ALSReference
import ALSTestSupport
import Testing

/// A small model whose factors were computed once by the NumPy program below, which shares nothing with gpuals but the
/// formulas (its generator included). It pins down initial factors, order of the sides and normal equations together.
///
/// ```python
/// import numpy as np
/// M = 2**32 - 1
/// def philox(block, stream, key):
///     c, k = [block & M, block >> 32, stream & M, stream >> 32], [key & M, key >> 32]
///     for _ in range(10):
///         p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
///         c = [q >> 32 ^ c[1] ^ k[0], q & M, p >> 32 ^ c[3] ^ k[1], p & M]
///         k = [k[0] + 0x9E3779B9 & M, k[1] + 0xBB67AE85 & M]
///     return c
/// def start(row):
///     a, b = [(w + 0.5) / 2**32 for w in philox(0, row, 7)[:2]]
///     g = np.sqrt(-2 * np.log(a)) * np.array([np.cos(2 * np.pi * b), np.sin(2 * np.pi * b)])
///     return (g / np.linalg.norm(g)).astype(np.float32).astype(float)
/// def half(R, Y, alpha):
///     X = np.zeros((len(R), 2))
///     for u, row in enumerate(R):
///         seen = ~np.isnan(row)
///         y, r = Y[seen], row[seen]
///         w = np.ones(len(r)) if alpha is None else alpha * abs(r)
///         b = r if alpha is None else np.where(r > 0, 1 + w, 0)
///         n = len(r) if alpha is None else (r > 0).sum()
///         A = (y.T * w) @ y + 0.1 * n * np.eye(2) + (0 if alpha is None else Y.T @ Y)
///         X[u] = np.linalg.solve(A, y.T @ b)
///     return X
/// _ = np.nan
/// R = np.array([[5, 3, _, 1, _], [4, _, _, 1, _], [_, 1, 4, _, 5], [1, _, _, 5, 4], [_, -1, 2, _, _], [_, _, _, 3, 0]])
/// for alpha in (None, 2):
///     X = np.array([start(u) for u in range(6)])
///     for i in range(3):
///         Y = half(R.T, X, alpha)
///         X = half(R, Y, alpha)
///     S, seen, r = X @ Y.T, ~np.isnan(R), np.nan_to_num(R)
///     print(X, Y)
///     if alpha is None: print(np.sqrt(((R - S)[seen]**2).mean()))
///     else: print(((1 + 2 * abs(r)) * ((r > 0) - S)**2).sum()
///                 + 0.1 * ((r > 0).sum(1) @ (X**2).sum(1) + (r > 0).sum(0) @ (Y**2).sum(1)))
/// ```
struct GoldenModelTests {
  private static let tolerance = 1e-5

  private static let ratings = CSRMatrix(
    rows: 6, columns: 5,
    [
      (0, 0, 5), (0, 1, 3), (0, 3, 1),
      (1, 0, 4), (1, 3, 1),
      (2, 1, 1), (2, 2, 4), (2, 4, 5),
      (3, 0, 1), (3, 3, 5), (3, 4, 4),
      (4, 1, -1), (4, 2, 2),
      (5, 3, 3), (5, 4, 0),
    ])

  private func train(_ feedback: Feedback) throws -> TrainingState {
    let parameters = try ALSParameters(rank: 2, iterations: 3, regularization: 0.1, feedback: feedback, seed: 7)
    return try Trainer(backend: ReferenceBackend(), parameters: parameters)
      .train(TrainingData(ratings: Self.ratings)).state
  }

  private func expect(
    _ matrix: FactorMatrix, near expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(matrix.values.count == expected.count, sourceLocation: sourceLocation)
    for (index, (actual, wanted)) in zip(matrix.values, expected).enumerated() {
      #expect(
        abs(Double(actual) - wanted) <= Self.tolerance, "row \(index / 2), factor \(index % 2)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `explicit training gives the factors that NumPy gives`() throws {
    let state = try train(.explicit)
    expect(
      state.factors.user,
      near: [
        0.352922578, -2.359446903,
        0.330025282, -1.730187434,
        1.846491809, -0.182202769,
        1.305925691, 1.197156090,
        -1.200430234, -1.309670756,
        0.726902603, -1.975527739,
      ])
    expect(
      state.factors.item,
      near: [
        2.552964831, -1.708056020,
        0.911747889, -0.836750862,
        1.708379011, -2.792226032,
        3.452111031, 0.005126425,
        2.619590770, 0.657928293,
      ])
    let rmse = try #require(state.history.last?.trainRMSE)
    #expect(abs(rmse - 0.491937730788) <= Self.tolerance)
  }

  @Test func `implicit training gives the factors that NumPy gives`() throws {
    let state = try train(.implicit(alpha: 2))
    expect(
      state.factors.user,
      near: [
        0.716498961, -0.196185323,
        0.694864384, 0.446728475,
        0.359592256, -1.026841493,
        0.752389225, 0.028396971,
        -0.235616060, -0.923743230,
        0.546989170, 0.625506153,
      ])
    expect(
      state.factors.item,
      near: [
        1.384775194, -0.138857068,
        0.945131733, -0.578609061,
        0.153539521, -0.949081797,
        1.337504709, 0.174994211,
        1.195942386, -0.462380224,
      ])
    let loss = try #require(state.history.last?.loss)
    #expect(abs(loss - 8.091585043990) <= Self.tolerance)
  }
}
