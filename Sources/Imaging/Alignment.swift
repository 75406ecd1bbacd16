/// How two pictures of one size lie best on each other.
public struct Alignment: Sendable, Hashable {
  /// Columns by which the first is moved to the right to lie on the second.
  public var x: Int
  /// Rows by which the first is moved down.
  public var y: Int
  /// The correlation of the part that both cover, -1 to 1; 0 where one of them has a single level there.
  public var correlation: Double

  /// Creates an alignment.
  public init(x: Int, y: Int, correlation: Double) {
    self.x = x
    self.y = y
    self.correlation = correlation
  }
}

extension Image {
  /// Moves this picture over another one, step by step towards the higher correlation, up to `reach` pixels.
  ///
  /// Pictures that correlate by less than `hopeless` at `start` are not moved further, and those that correlate by `enough`
  /// where they are stay there. Else the climb starts in one of the two places, wherever they correlate more, and ends where
  /// no neighbour correlates more. Both pictures are compared by luma.
  public func alignment(
    with other: Image, reach: Int, startingAt start: (x: Int, y: Int) = (0, 0), enough: Double = 1,
    hopeless: Double = -1
  ) -> Alignment {
    precondition(height == other.height && width == other.width, "Pictures that are aligned have the same size")
    let first = convertedToGray().pixels
    let second = other.convertedToGray().pixels
    return first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        func at(_ x: Int, _ y: Int) -> Alignment {
          Alignment(x: x, y: y, correlation: overlapCorrelation(first, second, height, width, x: x, y: y))
        }
        var best = at(start.x, start.y)
        guard best.correlation >= hopeless else { return best }
        let unmoved = start == (0, 0) ? best : at(0, 0)
        guard unmoved.correlation < enough else { return unmoved }
        if unmoved.correlation >= best.correlation { best = unmoved }
        var before = best
        while true {
          var next = best
          for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
            let (x, y) = (best.x + dx, best.y + dy)
            // Where the climb came from is lower.
            guard abs(x) <= reach, abs(y) <= reach, x != before.x || y != before.y else { continue }
            let neighbour = at(x, y)
            if neighbour.correlation > next.correlation { next = neighbour }
          }
          if next == best { return best }
          before = best
          best = next
        }
      }
    }
  }
}

/// The correlation of `first`, moved by (x, y), with `second` where they overlap.
private func overlapCorrelation(
  _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, _ height: Int, _ width: Int, x: Int, y: Int
) -> Double {
  guard abs(x) < width, abs(y) < height else { return 0 }
  let rows = max(0, y)..<min(height, height + y)
  let columns = max(0, x)..<min(width, width + x)
  var sums = (first: 0, second: 0, firstSquares: 0, secondSquares: 0, products: 0)
  for row in rows {
    let a = UnsafeBufferPointer(rebasing: first[((row - y) * width + columns.lowerBound - x)...].prefix(columns.count))
    let b = UnsafeBufferPointer(rebasing: second[(row * width + columns.lowerBound)...].prefix(columns.count))
    // 32 bits hold the squares of a row of 65,536 pixels, and twice as many of them fit in a vector.
    var line: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)
    for index in 0..<columns.count {
      let p = UInt32(a[index])
      let q = UInt32(b[index])
      line.0 &+= p
      line.1 &+= q
      line.2 &+= p &* p
      line.3 &+= q &* q
      line.4 &+= p &* q
    }
    sums.first += Int(line.0)
    sums.second += Int(line.1)
    sums.firstSquares += Int(line.2)
    sums.secondSquares += Int(line.3)
    sums.products += Int(line.4)
  }
  let area = rows.count * columns.count
  let firstVariance = scaledCovariance(area, sums.firstSquares, sums.first, sums.first)
  let secondVariance = scaledCovariance(area, sums.secondSquares, sums.second, sums.second)
  guard firstVariance > 0, secondVariance > 0 else { return 0 }
  let covariance = scaledCovariance(area, sums.products, sums.first, sums.second)
  return max(-1, min(1, covariance / (firstVariance.squareRoot() * secondVariance.squareRoot())))
}
