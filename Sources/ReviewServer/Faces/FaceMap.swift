import Curation

/// The suggestions as points of a plane: alike by what the networks think, near each other.
///
/// The two directions in which the class probabilities differ most (principal components of their square roots, whose
/// distance is Hellinger's), each brought to 0 ... 1. The same suggestions give the same map.
struct FaceMap: Encodable, Sendable {
  /// One list a property: a thousand points as objects would be mostly names.
  var ids: [Int64] = []
  var samples: [Int64] = []
  /// The tags of their pictures.
  var pixels: [String] = []
  var x: [Float] = []
  var y: [Float] = []
  /// The number of the given class.
  var given: [Int] = []
  /// The number of the suggested class; -1 without one.
  var suggested: [Int] = []
  var isOpen: [Bool] = []
  var classes: [String]

  /// Places the suggestions of the last audit; those without probabilities are left out.
  init(_ board: ReviewBoard) throws {
    self.init(try board.withState { $0.entries }, classes: board.classes)
  }

  init(_ all: [Entry], classes: [String]) {
    self.classes = classes
    let entries = all.filter { $0.probabilities.count == classes.count && !classes.isEmpty }
    let rows = entries.map { entry in entry.probabilities.map { max(0, Double($0)).squareRoot() } }
    let axes = Self.principalAxes(rows, dimensions: classes.count)
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    ids = entries.map(\.id)
    samples = entries.map(\.sample)
    pixels = entries.map(\.pixels)
    given = entries.map { numbers[$0.from] ?? -1 }
    suggested = entries.map { $0.to.flatMap { numbers[$0] } ?? -1 }
    isOpen = entries.map(\.isOpen)
    x = Self.spread(rows.map { Self.dot($0, axes[0]) })
    y = Self.spread(rows.map { Self.dot($0, axes[1]) })
  }

  /// The samples inside a rectangle of the map.
  func samples(in box: Box) -> Set<Int64> {
    Set(samples.indices.filter { box.x.contains(x[$0]) && box.y.contains(y[$0]) }.map { samples[$0] })
  }

  /// A rectangle of the map.
  struct Box: Sendable, Hashable {
    var x: ClosedRange<Float>
    var y: ClosedRange<Float>

    /// Reads `left,top,right,bottom`.
    init?(_ text: String) {
      let values = text.split(separator: ",").compactMap { Float($0) }
      guard values.count == 4, values[0] <= values[2], values[1] <= values[3] else { return nil }
      x = values[0]...values[2]
      y = values[1]...values[3]
    }
  }

  // MARK: Algebra

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private static func spread(_ values: [Double]) -> [Float] {
    guard let low = values.min(), let high = values.max(), high > low else { return values.map { _ in 0.5 } }
    return values.map { Float(($0 - low) / (high - low)) }
  }

  /// The two directions of largest variance, by power iteration; the second one after the first was taken out.
  static func principalAxes(_ rows: [[Double]], dimensions: Int) -> [[Double]] {
    var covariance = Array(repeating: Array(repeating: 0.0, count: dimensions), count: dimensions)
    let means = (0..<dimensions).map { column in
      rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    for row in rows {
      let centred = zip(row, means).map { $0 - $1 }
      for i in 0..<dimensions {
        for j in 0..<dimensions { covariance[i][j] += centred[i] * centred[j] }
      }
    }
    var axes: [[Double]] = []
    for number in 0..<2 {
      // A start that is not orthogonal to anything that is likely.
      var axis = (0..<dimensions).map { 1 / Double($0 + number + 1) }
      for _ in 0..<300 {
        var next = covariance.map { dot($0, axis) }
        for earlier in axes {
          let share = dot(next, earlier)
          next = zip(next, earlier).map { $0 - share * $1 }
        }
        let length = dot(next, next).squareRoot()
        guard length > 1e-12 else { break }
        axis = next.map { $0 / length }
      }
      axes.append(axis)
    }
    return axes
  }
}
