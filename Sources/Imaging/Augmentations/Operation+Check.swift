// Operations come back from dataset files that anyone can edit, so what would be a programmer's mistake elsewhere is an
// error of the data here.

extension Operation {
  /// Throws unless the operation's parameters make sense for a picture of size `shape`.
  func check(for shape: ImageShape) throws(ImagingError) {
    switch self {
    case .flip, .equalize, .subtractPlane:
      break
    case .rotate(let degrees, _, _):
      try require(degrees.isFinite, "\(degrees) degrees is no angle")
    case .translate(let x, let y, _):
      try require(isModest(x, y), "a move by \(x), \(y) pixels is out of reach")
    case .zoom(let factor, _, _):
      try require(factor >= 0.001 && factor <= 1000, "the factor \(factor) is not between 0.001 and 1000")
    case .affine(let degrees, let factor, let x, let y, _, _):
      try require(degrees.isFinite, "\(degrees) degrees is no angle")
      try require(factor >= 0.001 && factor <= 1000, "the factor \(factor) is not between 0.001 and 1000")
      try require(isModest(x, y), "a move by \(x), \(y) pixels is out of reach")
    case .shear(let x, let y, _, _):
      try require(abs(x) <= 80 && abs(y) <= 80, "a slant by \(x), \(y) degrees is not between -80 and 80")
    case .clahe(let clipLimit, let tiles):
      try require(
        clipLimit > 0 && clipLimit <= 1e6 && (1...256).contains(tiles),
        "a clip limit of \(clipLimit) and \(tiles) tiles make no sense")
    case .blur(let sigma):
      try require(sigma >= 0 && sigma <= 100, "the standard deviation \(sigma) is not between 0 and 100")
    case .crop(let top, let left, let height, let width):
      let fits =
        height > 0 && width > 0 && top >= 0 && left >= 0 && height <= shape.height && width <= shape.width
        && top <= shape.height - height && left <= shape.width - width
      try require(
        fits,
        "\(height) x \(width) pixels at row \(top), column \(left) do not lie inside \(shape.height) x \(shape.width)")
    case .resize(let height, let width, _):
      let sides = 1...ImageLimits.largestSide
      let fits = sides.contains(height) && sides.contains(width) && height * width <= ImageLimits.largestArea
      try require(fits, "\(height) x \(width) pixels is no size of a picture")
    case .erase(let top, let left, let height, let width, _):
      let fits = height >= 0 && width >= 0 && isModest(top, left) && isModest(height, width)
      try require(fits, "\(height) x \(width) pixels at row \(top), column \(left) is no rectangle")
    case .brightness(let delta):
      try require(delta.isFinite, "\(delta) is no change of brightness")
    case .contrast(let factor):
      try require(factor.isFinite && factor >= 0, "the factor \(factor) is not zero or more")
    case .gamma(let exponent):
      try require(exponent.isFinite && exponent > 0, "the exponent \(exponent) is not above zero")
    case .gaussianNoise(let sigma, _):
      try require(sigma.isFinite && sigma >= 0, "the standard deviation \(sigma) is not zero or more")
    }
  }

  private func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws(ImagingError) {
    guard condition else { throw .invalidOperation(name, reason: reason()) }
  }

  /// Whether positions are small enough to be added to each other.
  private func isModest(_ first: Int, _ second: Int) -> Bool {
    let reach = -1_000_000_000...1_000_000_000
    return reach.contains(first) && reach.contains(second)
  }
}
