internal import Imaging
internal import Training

/// What tells a photograph of a face from a drawing, a placeholder or a scene, as numbers for a regression.
///
/// Four kinds, on the gray picture at 48x48: how flat its histogram is (graphics have few values), how strong the
/// gradients of each of 6x6 cells are, their eight directions in each cell as a share (`OrientedGradients`, normalised in the
/// cell), which an aligned face has in the usual places, and how unusual all those directions are together.
struct PictureTraits {
  private static let histogramTraits = 6
  /// Numbers that depend on a picture alone.
  static let plainTraits = histogramTraits + OrientedGradients.cells + OrientedGradients.count
  /// Numbers a picture has.
  static let count = plainTraits + Unusualness.count
  /// Standard deviations beyond which a number says no more.
  private static let limit: Float = 6
  /// A flat histogram, or an unusual picture, says more than any one cell.
  private static let wholeWeight: Float = 3

  /// [N, count], each number's mean 0 and deviation 1 over all pictures.
  private(set) var values: [Float]

  /// Takes numbers as they are, [N, count].
  init(values: [Float]) { self.values = values }

  /// Looks at all pictures.
  init(_ set: ImageSet) {
    var plain: [Float] = []
    plain.reserveCapacity(set.count * Self.plainTraits)
    for index in 0..<set.count { plain += Self.traits(of: set.image(index).convertedToGray()) }
    Self.standardise(&plain, count: Self.plainTraits) { $0 < Self.histogramTraits ? Self.wholeWeight : 1 }
    let directions = (0..<set.count).map {
      Array(plain[($0 * Self.plainTraits + Self.plainTraits - OrientedGradients.count)..<(($0 + 1) * Self.plainTraits)])
    }
    let unusualness = Unusualness(among: directions)
    var unusual = directions.flatMap { unusualness.traits(of: $0) }
    Self.standardise(&unusual, count: Unusualness.count) { _ in Self.wholeWeight }
    values = []
    values.reserveCapacity(set.count * Self.count)
    for index in 0..<set.count {
      values += plain[(index * Self.plainTraits)..<((index + 1) * Self.plainTraits)]
      values += unusual[(index * Unusualness.count)..<((index + 1) * Unusualness.count)]
    }
  }

  /// The numbers of one picture.
  func row(_ index: Int) -> ArraySlice<Float> { values[(index * Self.count)..<((index + 1) * Self.count)] }

  /// Brings each of the `count` columns to mean 0 and to its weight as deviation.
  private static func standardise(_ values: inout [Float], count: Int, weight: (Int) -> Float) {
    let rows = values.count / count
    for trait in 0..<count {
      var (sum, squares) = (0.0, 0.0)
      for row in 0..<rows {
        let value = Double(values[row * count + trait])
        sum += value
        squares += value * value
      }
      let mean = sum / Double(max(1, rows))
      let deviation = Float(max(1e-6, max(0, squares / Double(max(1, rows)) - mean * mean).squareRoot()))
      for row in 0..<rows {
        let place = row * count + trait
        values[place] = weight(trait) * max(-limit, min(limit, (values[place] - Float(mean)) / deviation))
      }
    }
  }

  /// As they are, before they are brought to one scale.
  static func traits(of picture: Image) -> [Float] {
    let size = OrientedGradients.size
    let image = picture.height == size && picture.width == size ? picture : picture.resized(height: size, width: size)
    return histogramTraits(of: image.pixels) + gradients(of: image)
  }

  private static func histogramTraits(of pixels: [UInt8]) -> [Float] {
    var histogram = [Float](repeating: 0, count: 64)
    var (sum, squares): (Float, Float) = (0, 0)
    for pixel in pixels {
      histogram[Int(pixel) / 4] += 1
      let value = Float(pixel) / 255
      sum += value
      squares += value * value
    }
    for i in histogram.indices { histogram[i] /= Float(pixels.count) }
    let mean = sum / Float(pixels.count)
    let entropy = histogram.reduce(Float(0)) { $0 - ($1 > 0 ? $1 * Float(safeLog(Double($1))) : 0) }
    let sorted = histogram.sorted(by: >)
    return [
      entropy, sorted[0], sorted[0] + sorted[1], Float(safeLog(Double(1.001 - sorted[0]))),
      max(0, squares / Float(pixels.count) - mean * mean).squareRoot(), Float(histogram.count { $0 > 0 }) / 64,
    ]
  }

  private static func gradients(of image: Image) -> [Float] {
    var shares = OrientedGradients.sums(of: image)
    var energies: [Float] = []
    for place in 0..<OrientedGradients.cells {
      let own = (place * OrientedGradients.directions)..<((place + 1) * OrientedGradients.directions)
      let sum = own.reduce(Float(0)) { $0 + shares[$1] }
      let norm = own.reduce(Float(0)) { $0 + shares[$1] * shares[$1] }.squareRoot() + 0.5
      for i in own { shares[i] /= norm }
      energies.append(Float(safeLog(Double(1 + sum))))
    }
    return energies + shares
  }
}
