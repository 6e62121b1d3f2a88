#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A scale of numbers along an edge of a chart.
public struct Axis: Sendable, Equatable {
  /// What is measured, and in what.
  public var label: String
  /// Whether equal steps are equal factors. Values at or below 0 then have no place.
  public var isLogarithmic: Bool
  /// Whether only whole numbers are marked.
  public var isWhole: Bool
  /// Whether it begins at 0.
  public var startsAtZero: Bool

  /// Gives all.
  public init(_ label: String, isLogarithmic: Bool = false, isWhole: Bool = false, startsAtZero: Bool = false) {
    self.label = label
    self.isLogarithmic = isLogarithmic
    self.isWhole = isWhole
    self.startsAtZero = startsAtZero
  }

  /// The scale for some values.
  func scale(_ values: [Double]) -> Scale {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    var (low, high) = (usable.min() ?? 0, usable.max() ?? 1)
    if isLogarithmic {
      if usable.isEmpty { (low, high) = (1, 10) }
      // A little room, so that nothing lies on the edge.
      (low, high) = (low / 1.15, high * 1.15)
      return Scale(low: low, high: high, isLogarithmic: true, ticks: Self.logarithmicTicks(low, high))
    }
    if startsAtZero {
      low = min(0, low)
      high = max(0, high)
    }
    if low == high { (low, high) = low == 0 ? (0, 1) : (low - low.magnitude / 2, high + high.magnitude / 2) }
    let step = Self.step(for: high - low, isWhole: isWhole)
    // Whole numbers, such as iterations, fill the width; others end at round numbers.
    let (first, last) = isWhole ? (low, high) : ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    var ticks: [Double] = []
    var tick = (first / step).rounded(.up) * step
    while tick <= last + step * 1e-9 {
      ticks.append(tick.magnitude < step * 1e-9 ? 0 : tick)
      tick += step
    }
    return Scale(low: first, high: last, isLogarithmic: false, ticks: ticks)
  }

  /// Powers of ten, as many as there is room for; their doubles and quintuples too where they are few.
  private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let within = decades.map { pow(10, Double($0)) }.filter { (low...high).contains($0) }
    if within.count >= 3 {
      let step = (within.count + 5) / 6
      return within.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    }
    return decades.flatMap { decade in [1, 2, 5].map { $0 * pow(10, Double(decade)) } }.filter {
      (low...high).contains($0)
    }
  }

  /// 1, 2 or 5 times a power of ten, so that there are about five steps.
  private static func step(for span: Double, isWhole: Bool) -> Double {
    let rough = span / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    return isWhole ? max(1, step.rounded()) : step
  }

  /// Where values are along an edge.
  struct Scale {
    var low: Double
    var high: Double
    var isLogarithmic: Bool
    var ticks: [Double]

    /// From 0 at the low end to 1 at the high end; `nil` where the value has no place.
    func position(_ value: Double) -> Double? {
      guard value.isFinite else { return nil }
      if isLogarithmic {
        guard value > 0 else { return nil }
        return (log10(value) - log10(low)) / (log10(high) - log10(low))
      }
      return (value - low) / (high - low)
    }

    /// The text at a tick.
    func text(_ tick: Double) -> String {
      TickText.text(tick, step: isLogarithmic || ticks.count < 2 ? tick : ticks[1] - ticks[0])
    }
  }
}

/// Numbers at axes.
enum TickText {
  /// As many decimals as the step needs; large numbers in thousands and millions.
  static func text(_ value: Double, step: Double) -> String {
    for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value.magnitude >= unit {
      let scaled = value / unit
      return (scaled == scaled.rounded() ? "\(Int(scaled))" : decimals(scaled, step / unit)) + " " + name
    }
    return decimals(value, step)
  }

  private static func decimals(_ value: Double, _ step: Double) -> String {
    let count =
      value == value.rounded() && step.magnitude >= 1
      ? 0 : step == 0 ? 2 : max(0, min(9, Int(-log10(step.magnitude).rounded(.down))))
    let scale = pow(10, Double(count))
    let whole = Int((value.magnitude * scale).rounded())
    var digits = String(whole)
    while digits.count <= count { digits = "0" + digits }
    let sign = value < 0 ? "−" : ""
    return count == 0 ? sign + digits : "\(sign)\(digits.dropLast(count)).\(digits.suffix(count))"
  }
}
