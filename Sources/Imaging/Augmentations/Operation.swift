/// One operation on pixels with every parameter fixed.
///
/// Operations are what the dataset remembers of a derived sample: applied to the parent, in order, they give the same
/// pixels again. Chance has been drawn before; nothing here is random.
///
///     let operations: [Operation] = [.flip, .rotate(degrees: -7.25, border: .reflect, filter: .bilinear)]
///     print(operations.json)
///     // [{"op":"flip"},{"op":"rotate","degrees":-7.25,"border":"reflect","filter":"bilinear"}]
///     let augmented = try operations.applied(to: image)
///
/// Foundation has a class of the same name: with both imported, write `Imaging.Operation`.
public enum Operation: Sendable, Hashable {
  /// Mirrors left and right.
  case flip
  /// Turns counter-clockwise about the centre in a frame of the same size.
  case rotate(degrees: Double, border: BorderPolicy, filter: Interpolation)
  /// Moves right by x and down by y pixels.
  case translate(x: Int, y: Int, border: BorderPolicy)
  /// Enlarges (factor above 1) or shrinks about the centre in a frame of the same size.
  case zoom(factor: Double, border: BorderPolicy, filter: Interpolation)
  /// Turns and enlarges about the centre, then moves right by x and down by y pixels, in one resampling.
  case affine(degrees: Double, factor: Double, x: Int, y: Int, border: BorderPolicy, filter: Interpolation)
  /// Slants about the centre: rows by an angle of x, columns by an angle of y degrees, in a frame of the same size.
  case shear(x: Double, y: Double, border: BorderPolicy, filter: Interpolation)
  /// Cuts out a part.
  case crop(top: Int, left: Int, height: Int, width: Int)
  /// Changes the number of rows and columns.
  case resize(height: Int, width: Int, filter: ResamplingFilter)
  /// Paints a rectangle in one level.
  case erase(top: Int, left: Int, height: Int, width: Int, value: UInt8)
  /// Adds levels to every value.
  case brightness(delta: Double)
  /// Multiplies the distance of every value from the mean.
  case contrast(factor: Double)
  /// Raises every value, as a share of 255, to a power.
  case gamma(exponent: Double)
  /// Adds normally distributed noise that the seed decides.
  case gaussianNoise(sigma: Double, seed: UInt64)
  /// Spreads the levels evenly.
  case equalize
  /// Spreads the levels evenly part by part.
  case clahe(clipLimit: Double, tiles: Int)
  /// Blurs by a Gaussian.
  case blur(sigma: Double)
  /// Takes away the plane that fits the levels best.
  case subtractPlane

  /// The operation's name in JSON.
  public var name: String {
    switch self {
    case .flip: "flip"
    case .rotate: "rotate"
    case .translate: "translate"
    case .zoom: "zoom"
    case .affine: "affine"
    case .shear: "shear"
    case .crop: "crop"
    case .resize: "resize"
    case .erase: "erase"
    case .brightness: "brightness"
    case .contrast: "contrast"
    case .gamma: "gamma"
    case .gaussianNoise: "gaussian-noise"
    case .equalize: "equalize"
    case .clahe: "clahe"
    case .blur: "blur"
    case .subtractPlane: "subtract-plane"
    }
  }

  /// The picture that the operation makes of `image`.
  ///
  /// - Throws: `ImagingError.invalidOperation` if a parameter makes no sense or does not fit the picture.
  public func applied(to image: Image) throws -> Image {
    try check(for: image.shape)
    return switch self {
    case .flip:
      image.flipped()
    case .rotate(let degrees, let border, let filter):
      image.rotated(degrees: degrees, border: border, filter: filter)
    case .translate(let x, let y, let border):
      image.translated(x: x, y: y, border: border)
    case .zoom(let factor, let border, let filter):
      image.zoomed(factor: factor, border: border, filter: filter)
    case .affine(let degrees, let factor, let x, let y, let border, let filter):
      image.transformed(degrees: degrees, factor: factor, x: x, y: y, border: border, filter: filter)
    case .shear(let x, let y, let border, let filter):
      image.sheared(x: x, y: y, border: border, filter: filter)
    case .crop(let top, let left, let height, let width):
      image.cropped(top: top, left: left, height: height, width: width)
    case .resize(let height, let width, let filter):
      image.resized(height: height, width: width, filter: filter)
    case .erase(let top, let left, let height, let width, let value):
      image.erased(top: top, left: left, height: height, width: width, value: value)
    case .brightness(let delta):
      image.brightened(by: delta)
    case .contrast(let factor):
      image.contrasted(by: factor)
    case .gamma(let exponent):
      image.gammaCorrected(by: exponent)
    case .gaussianNoise(let sigma, let seed):
      image.withGaussianNoise(sigma: sigma, seed: seed)
    case .equalize:
      image.equalized()
    case .clahe(let clipLimit, let tiles):
      image.locallyEqualized(clipLimit: clipLimit, tiles: tiles)
    case .blur(let sigma):
      image.blurred(sigma: sigma)
    case .subtractPlane:
      image.withoutPlane()
    }
  }

  /// The size of the picture that the operation makes of one of size `shape`.
  public func outputShape(for shape: ImageShape) -> ImageShape {
    switch self {
    case .crop(_, _, let height, let width), .resize(let height, let width, _):
      ImageShape(height: height, width: width, channels: shape.channels)
    default:
      shape
    }
  }
}

extension Sequence where Element == Operation {
  /// The picture that the operations make of `image`, one after the other.
  ///
  /// - Throws: `ImagingError.invalidOperation`.
  public func applied(to image: Image) throws -> Image {
    try reduce(image) { try $1.applied(to: $0) }
  }

  /// The size of the picture that the operations make of one of size `shape`.
  public func outputShape(for shape: ImageShape) -> ImageShape {
    reduce(shape) { $1.outputShape(for: $0) }
  }
}
