#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The values that a search may try of each parameter.
public struct SearchSpace: Sendable, Equatable {
  /// Values of one parameter.
  public enum Values: Sendable, Hashable {
    /// These.
    case list([Double])
    /// Any between two bounds, both included; logarithmically where ``SearchedParameter/isLogarithmic`` and above 0.
    case range(ClosedRange<Double>)
  }

  /// By parameter; those that are missing keep their value.
  public var values: [SearchedParameter: Values]

  /// Gives the values.
  public init(_ values: [SearchedParameter: Values] = [:]) { self.values = values }

  /// Parameters that a range is given for: no grid has all its points.
  public var ranges: [SearchedParameter] {
    SearchedParameter.allCases.filter { if case .range = values[$0] { true } else { false } }
  }

  /// All combinations, those of the last parameter (in the order of `SearchedParameter.allCases`) varying fastest; `nil` where a
  /// range is among them.
  public var grid: [[SearchedParameter: Double]]? {
    var points: [[SearchedParameter: Double]] = [[:]]
    for parameter in SearchedParameter.allCases {
      switch values[parameter] {
      case nil: continue
      case .range: return nil
      case .list(let list):
        points = points.flatMap { point in list.map { point.merging([parameter: $0]) { $1 } } }
      }
    }
    return points.distinct
  }

  /// Combinations drawn at random: a function of the seed alone. Fewer than `count` only where there are no more.
  public func sample(_ count: Int, seed: UInt64) -> [[SearchedParameter: Double]] {
    let philox = Philox(seed: seed ^ 0x7365_6172_6368)
    if let grid {
      // In the order of random keys: each combination once.
      return grid.indices.sorted { first, second in
        let keys = [first, second].map { philox.block(UInt64($0), stream: 0) }
        return (keys[0][0], keys[0][1], first) < (keys[1][0], keys[1][1], second)
      }
      .prefix(count).map { grid[$0] }
    }
    var points: [[SearchedParameter: Double]] = []
    // A few whole numbers between two bounds may run out; then there is no end to wait for.
    for trial in 0..<UInt64(16 * count + 1000) where points.count < count {
      var point: [SearchedParameter: Double] = [:]
      for (index, parameter) in SearchedParameter.allCases.enumerated() {
        guard let values = values[parameter] else { continue }
        let block = philox.block(trial, stream: UInt64(index + 1))
        point[parameter] = Self.draw(values, for: parameter, Double(block[0]) * 0x1p-32)
      }
      if !points.contains(point) { points.append(point) }
    }
    return points
  }

  /// The value at a share (0 ..< 1) of the way through.
  private static func draw(_ values: Values, for parameter: SearchedParameter, _ share: Double) -> Double {
    switch values {
    case .list(let list): return list[Int(share * Double(list.count))]
    case .range(let range):
      var (low, high) = (range.lowerBound, range.upperBound)
      // Each whole number stands for all that are rounded down to it.
      if parameter.isWhole { high += 1 }
      let isLogarithmic = parameter.isLogarithmic && low > 0
      if isLogarithmic { (low, high) = (log(low), log(high)) }
      let value = low + share * (high - low)
      let drawn = isLogarithmic ? exp(value) : value
      if parameter.isWhole { return min(max(drawn.rounded(.down), range.lowerBound), range.upperBound) }
      // Four digits say as much, and can be typed.
      return min(max(rounded(drawn, digits: 4), range.lowerBound), range.upperBound)
    }
  }

  private static func rounded(_ value: Double, digits: Int) -> Double {
    guard value != 0, value.isFinite else { return value }
    let scale = pow(10, Double(digits - 1) - log10(value.magnitude).rounded(.down))
    return (value * scale).rounded() / scale
  }
}

extension [[SearchedParameter: Double]] {
  /// Each point once, where it stands first.
  fileprivate var distinct: Self {
    var known: Set<[SearchedParameter: Double]> = []
    return filter { known.insert($0).inserted }
  }
}
