#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How a picture's values are spread over another number of pixels.
///
/// Pixels are areas: output pixel i covers `(i ... i + 1) * in / out` of the input (half-pixel centres). When shrinking,
/// a filter is stretched by in / out, so that every input pixel counts (no aliasing). These are Pillow's definitions.
public enum ResamplingFilter: String, Sendable, Codable, CaseIterable {
  /// The pixel under the centre; never smooths.
  case nearest
  /// Triangle of radius 1.
  case bilinear
  /// Keys' cubic of radius 2 with a = -0.5 (Catmull-Rom); OpenCV and PyTorch take a = -0.75.
  case bicubic
  /// Windowed sinc of radius 3.
  case lanczos

  /// How far from its centre the filter reaches when enlarging.
  var radius: Double {
    switch self {
    case .nearest: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The weight at `distance` from the centre, not normalised.
  func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    guard x < radius else { return 0 }
    switch self {
    case .nearest:
      return 1
    case .bilinear:
      return 1 - x
    case .bicubic:
      return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2
    case .lanczos:
      if x == 0 { return 1 }
      let angle = x * .pi
      return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
    }
  }
}

/// Resizes pictures of one size to another; the weights are computed once and serve any number of pictures.
public struct Resampler: Sendable {
  private let filter: ResamplingFilter
  private let rows: ResamplingWeights
  private let columns: ResamplingWeights

  /// Prepares to resize `from` = (height, width) to `to` = (height, width).
  public init(from: (height: Int, width: Int), to: (height: Int, width: Int), filter: ResamplingFilter) {
    precondition(to.height > 0 && to.width > 0, "An image has at least one row and one column")
    self.filter = filter
    rows = ResamplingWeights(from: from.height, to: to.height, filter: filter)
    columns = ResamplingWeights(from: from.width, to: to.width, filter: filter)
  }

  /// Resizes a picture of the size that the resampler was made for.
  ///
  /// Columns first, then rows, each rounded to 8 bits, as Pillow does; a side that keeps its length is left alone, so
  /// that resizing to the same size changes nothing.
  public func resized(_ image: Image) -> Image {
    precondition(
      image.height == rows.inputCount && image.width == columns.inputCount,
      "A resampler resizes pictures of the size it was made for")
    let (height, width, channels) = (rows.outputCount, columns.outputCount, image.channels)
    if filter == .nearest {
      let pixels = pickRows(of: pickColumns(of: image.pixels, channels), width * channels)
      return Image(height: height, width: width, channels: channels, pixels: pixels)
    }
    var levels: [Float]
    if width == image.width {
      levels = image.pixels.map { Float($0) }
    } else {
      // One kernel serves both directions: it runs over whole rows, so columns are laid down as rows for it.
      let turned = transposed(image.pixels, height: image.height, width: image.width, channels: channels)
      let resized = columns.applied(to: turned, stride: image.height * channels)
      levels = transposed(resized, height: width, width: image.height, channels: channels)
    }
    let pixels =
      height == image.height ? levels.map { UInt8($0) } : rows.applied(to: levels, stride: width * channels)
    return Image(height: height, width: width, channels: channels, pixels: pixels)
  }

  private func pickColumns(of pixels: [UInt8], _ channels: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(rows.inputCount * columns.outputCount * channels)
    for y in 0..<rows.inputCount {
      for x in columns.nearest {
        let index = (y * columns.inputCount + x) * channels
        for channel in 0..<channels { result.append(pixels[index + channel]) }
      }
    }
    return result
  }

  private func pickRows(of pixels: [UInt8], _ stride: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(rows.outputCount * stride)
    for y in rows.nearest { result.append(contentsOf: pixels[y * stride..<(y + 1) * stride]) }
    return result
  }
}

extension Image {
  /// The picture resized to `height` x `width` pixels.
  public func resized(height: Int, width: Int, filter: ResamplingFilter = .bilinear) -> Image {
    if height == self.height, width == self.width { return self }
    return Resampler(from: (self.height, self.width), to: (height, width), filter: filter).resized(self)
  }
}

/// Exchanges rows and columns of `pixels`, and makes numbers of them that can be weighted.
private func transposed(_ pixels: [UInt8], height: Int, width: Int, channels: Int) -> [Float] {
  [Float](unsafeUninitializedCapacity: pixels.count) { target, count in
    pixels.withUnsafeBufferPointer { source in
      var at = 0
      for x in 0..<width {
        for y in 0..<height {
          for channel in 0..<channels {
            target[at] = Float(source[(y &* width &+ x) &* channels &+ channel])
            at &+= 1
          }
        }
      }
    }
    count = pixels.count
  }
}
