/// A picture cut into connected patches of similar intensity: SLIC on the values themselves, gray or colour, and position.
///
/// k-means from a regular grid, each centre looking no further than two grid steps; then patches that fell apart keep
/// their largest part, and the rest goes to the neighbour it touches most. Source: Achanta et al. 2012.
public struct Superpixels: Sendable, Equatable {
  /// The patch of each pixel, row by row, numbered from 0 without gaps.
  public private(set) var labels: [Int]
  /// Number of patches.
  public private(set) var count: Int

  /// Cuts a picture.
  ///
  /// - Parameters:
  ///   - values: [C, H, W] on any scale; they are stretched to 0 ... 1 first.
  ///   - height: rows.
  ///   - width: columns.
  ///   - wanted: about how many patches.
  ///   - compactness: the difference in intensity that counts as much as one grid step; small patches follow edges.
  public init(_ values: [Float], height: Int, width: Int, wanted: Int, compactness: Float = 0.2) {
    let plane = height * width
    let channels = values.count / plane
    precondition(values.count == channels * plane && channels > 0 && wanted > 0, "A picture has C x H x W values")
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let scaled = values.map { high > low ? ($0 - low) / (high - low) : 0 }
    let step = max(1, (Float(plane) / Float(wanted)).squareRoot())
    let rows = max(1, Int((Float(height) / step).rounded()))
    let columns = max(1, Int((Float(width) / step).rounded()))

    // A centre is its row, its column and its values.
    var centres: [[Float]] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let y = (Float(row) + 0.5) * Float(height) / Float(rows)
        let x = (Float(column) + 0.5) * Float(width) / Float(columns)
        let i = min(height - 1, Int(y)) * width + min(width - 1, Int(x))
        centres.append([y, x] + (0..<channels).map { scaled[$0 * plane + i] })
      }
    }
    labels = [Int](repeating: 0, count: plane)
    count = centres.count
    let spatial = (compactness / step) * (compactness / step)
    for _ in 0..<10 {
      var distances = [Float](repeating: .infinity, count: plane)
      for (k, centre) in centres.enumerated() {
        for y in max(0, Int(centre[0] - 2 * step))..<min(height, Int(centre[0] + 2 * step) + 1) {
          for x in max(0, Int(centre[1] - 2 * step))..<min(width, Int(centre[1] + 2 * step) + 1) {
            let (dy, dx) = (Float(y) + 0.5 - centre[0], Float(x) + 0.5 - centre[1])
            var distance = spatial * (dy * dy + dx * dx)
            for c in 0..<channels {
              let difference = scaled[c * plane + y * width + x] - centre[2 + c]
              distance += difference * difference
            }
            if distance < distances[y * width + x] {
              distances[y * width + x] = distance
              labels[y * width + x] = k
            }
          }
        }
      }
      var sums = [[Float]](repeating: [Float](repeating: 0, count: 2 + channels), count: centres.count)
      var counts = [Float](repeating: 0, count: centres.count)
      for i in 0..<plane {
        sums[labels[i]][0] += Float(i / width) + 0.5
        sums[labels[i]][1] += Float(i % width) + 0.5
        for c in 0..<channels { sums[labels[i]][2 + c] += scaled[c * plane + i] }
        counts[labels[i]] += 1
      }
      for k in centres.indices where counts[k] > 0 { centres[k] = sums[k].map { $0 / counts[k] } }
    }
    // What a stray part is given to may itself be stray, so once is not enough.
    var rounds = 0
    while connect(height: height, width: width), rounds < 100 { rounds += 1 }
    renumber()
  }

  /// Patches given by hand, or by another tool; any numbers that tell them apart.
  public init(labels: [Int]) {
    self.labels = labels
    count = 0
    renumber()
  }

  /// Gives every part of a patch but its largest to the neighbour it touches most; false when there was none to give.
  private mutating func connect(height: Int, width: Int) -> Bool {
    var part = [Int](repeating: -1, count: labels.count)
    var parts: [[Int]] = []
    for start in labels.indices where part[start] < 0 {
      var (pixels, next) = ([start], 0)
      part[start] = parts.count
      while next < pixels.count {
        for neighbour in Self.neighbours(of: pixels[next], height, width)
        where part[neighbour] < 0 && labels[neighbour] == labels[start] {
          part[neighbour] = parts.count
          pixels.append(neighbour)
        }
        next += 1
      }
      parts.append(pixels)
    }
    var largest: [Int: Int] = [:]
    for (index, pixels) in parts.enumerated() {
      let label = labels[pixels[0]]
      if let other = largest[label], parts[other].count >= pixels.count { continue }
      largest[label] = index
    }
    // Small parts first, so that one inside another's stray part ends in the same patch as that.
    for index in parts.indices.sorted(by: { (parts[$0].count, $0) < (parts[$1].count, $1) }) {
      let label = labels[parts[index][0]]
      if largest[label] == index { continue }
      var touches: [Int: Int] = [:]
      for pixel in parts[index] {
        for neighbour in Self.neighbours(of: pixel, height, width) where part[neighbour] != index {
          touches[labels[neighbour], default: 0] += 1
        }
      }
      touches[label] = nil
      guard let target = touches.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else { continue }
      for pixel in parts[index] { labels[pixel] = target }
    }
    return parts.count > largest.count
  }

  private static func neighbours(of pixel: Int, _ height: Int, _ width: Int) -> [Int] {
    let (y, x) = (pixel / width, pixel % width)
    var result: [Int] = []
    if y > 0 { result.append(pixel - width) }
    if y + 1 < height { result.append(pixel + width) }
    if x > 0 { result.append(pixel - 1) }
    if x + 1 < width { result.append(pixel + 1) }
    return result
  }

  private mutating func renumber() {
    var numbers: [Int: Int] = [:]
    for i in labels.indices {
      let number = numbers[labels[i]] ?? numbers.count
      numbers[labels[i]] = number
      labels[i] = number
    }
    count = numbers.count
  }
}
