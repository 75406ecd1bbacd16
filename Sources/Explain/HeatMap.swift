/// A number for each pixel: how much it counts.
public struct HeatMap: Sendable, Equatable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// Row by row.
  public var values: [Float]
  /// True when values below zero speak against the target; false when the map only says how much a pixel counts.
  public var isSigned: Bool

  /// Creates a map.
  public init(height: Int, width: Int, values: [Float], isSigned: Bool = false) {
    precondition(values.count == height * width, "A map has a value for each pixel")
    self.height = height
    self.width = width
    self.values = values
    self.isSigned = isSigned
  }

  /// The value in row `y` and column `x`.
  public subscript(y: Int, x: Int) -> Float {
    get { values[y * width + x] }
    set { values[y * width + x] = newValue }
  }

  /// The map over more or fewer pixels, bilinear with half-pixel centres and without a wider filter when shrinking: what
  /// PyTorch's `interpolate` gives with `align_corners=False`.
  public func resized(height: Int, width: Int) -> HeatMap {
    if height == self.height, width == self.width { return self }
    let rows = Self.taps(from: self.height, to: height)
    let columns = Self.taps(from: self.width, to: width)
    // Each row across first, then the rows between them: a map is often a few rows that become many.
    var wide = [Float](repeating: 0, count: self.height * width)
    for y in 0..<self.height {
      let start = y * self.width
      for (x, column) in columns.enumerated() {
        wide[y * width + x] =
          values[start + column.first] * (1 - column.share) + values[start + column.second] * column.share
      }
    }
    let result = [Float](unsafeUninitializedCapacity: height * width) { result, count in
      wide.withUnsafeBufferPointer { wide in
        for (y, row) in rows.enumerated() {
          let (upper, lower) = (row.first * width, row.second * width)
          for x in 0..<width {
            result[y * width + x] = wide[upper + x] * (1 - row.share) + wide[lower + x] * row.share
          }
        }
      }
      count = height * width
    }
    return HeatMap(height: height, width: width, values: result, isSigned: isSigned)
  }

  private static func taps(from input: Int, to output: Int) -> [(first: Int, second: Int, share: Float)] {
    let scale = Float(input) / Float(output)
    return (0..<output).map { position in
      let centre = max(0, (Float(position) + 0.5) * scale - 0.5)
      let first = min(input - 1, Int(centre))
      return (first, min(input - 1, first + 1), centre - Float(first))
    }
  }

  /// The map with its smallest value at 0 and its largest at 1; nil when all values are the same.
  public var stretched: HeatMap? {
    guard let low = values.min(), let high = values.max(), high > low, (high - low).isFinite else { return nil }
    var copy = self
    for i in values.indices { copy.values[i] = (values[i] - low) / (high - low) }
    return copy
  }

  /// The map with its values below zero set to zero.
  public var rectified: HeatMap {
    var copy = self
    for i in values.indices { copy.values[i] = max(0, values[i]) }
    return copy
  }

  /// Pearson's correlation with another map of the same size; 0 when one of them is flat.
  public func correlation(with other: HeatMap) -> Double {
    precondition(height == other.height && width == other.width, "Maps of one size can be compared")
    return Self.correlation(values, other.values)
  }

  /// Spearman's correlation of ranks with another map of the same size; 0 when one of them is flat.
  public func rankCorrelation(with other: HeatMap) -> Double {
    precondition(height == other.height && width == other.width, "Maps of one size can be compared")
    return Self.correlation(Self.ranks(values), Self.ranks(other.values))
  }

  static func correlation(_ a: [Float], _ b: [Float]) -> Double {
    let count = Double(a.count)
    let meanA = a.reduce(0.0) { $0 + Double($1) } / count
    let meanB = b.reduce(0.0) { $0 + Double($1) } / count
    var (product, squareA, squareB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (u, v) = (Double(x) - meanA, Double(y) - meanB)
      product += u * v
      squareA += u * u
      squareB += v * v
    }
    return squareA > 0 && squareB > 0 ? product / (squareA * squareB).squareRoot() : 0
  }

  /// Ranks from 0; equal values share the mean of their ranks.
  static func ranks(_ values: [Float]) -> [Float] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Float](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Float(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }

  /// The positions of the pixels, those that count most first; of equal ones the upper left.
  public var order: [Int] {
    values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
  }

  /// The mean of maps, each scaled to a mean absolute value of 1 first, so that no picture outweighs another.
  public static func mean(of maps: [HeatMap]) -> HeatMap? {
    guard let first = maps.first else { return nil }
    var sum = HeatMap(
      height: first.height, width: first.width, values: [Float](repeating: 0, count: first.values.count),
      isSigned: first.isSigned)
    for map in maps {
      let size = map.values.reduce(0) { $0 + abs($1) } / Float(map.values.count)
      guard size > 0, size.isFinite else { continue }
      for i in map.values.indices { sum.values[i] += map.values[i] / size / Float(maps.count) }
    }
    return sum
  }
}
