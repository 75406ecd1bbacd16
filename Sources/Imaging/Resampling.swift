internal import Synchronization

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
  /// Rows first where their number shrinks, else columns first, which is less work; each direction is rounded to 8 bits.
  /// Pillow does the same, and gives the same values to within a level. A side that keeps its length is left alone, so
  /// that resizing to the same size changes nothing.
  public func resized(_ image: Image) -> Image {
    precondition(
      image.height == rows.inputCount && image.width == columns.inputCount,
      "A resampler resizes pictures of the size it was made for")
    let (height, width, channels) = (rows.outputCount, columns.outputCount, image.channels)
    let (hasOtherHeight, hasOtherWidth) = (height != image.height, width != image.width)
    let pixels: [UInt8]
    switch (filter, hasOtherHeight, hasOtherWidth) {
    case (_, false, false):
      pixels = image.pixels
    case (.nearest, _, _):
      pixels = picked(from: image.pixels, channels)
    case (_, true, false):
      pixels = rows.applied(to: image.pixels.map { Float($0) }, stride: width * channels)
    case (_, false, true):
      pixels = resizedColumns(image.pixels, height: height, channels) { $0 }
    case (_, true, true) where height < image.height:
      let shrunk = rows.applied(to: image.pixels.map { Float($0) }, stride: image.width * channels)
      pixels = resizedColumns(shrunk, height: height, channels) { $0 }
    case (_, true, true):
      let widened = resizedColumns(image.pixels, height: image.height, channels) { Float($0) }
      pixels = rows.applied(to: widened, stride: width * channels)
    }
    return Image(height: height, width: width, channels: channels, pixels: pixels)
  }

  /// Resizes the columns of `height` rows, and converts each value of the result.
  @inline(__always)
  private func resizedColumns<Value>(
    _ pixels: [UInt8], height: Int, _ channels: Int, _ convert: (UInt8) -> Value
  ) -> [Value] {
    // One kernel serves both directions: it runs over whole rows, so columns are laid down as rows for it.
    let turned = transposed(pixels, height, columns.inputCount, channels) { Float($0) }
    let resized = columns.applied(to: turned, stride: height * channels)
    return transposed(resized, columns.outputCount, height, channels, convert)
  }

  /// Takes the pixel under each centre.
  private func picked(from pixels: [UInt8], _ channels: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(rows.outputCount * columns.outputCount * channels)
    for y in rows.nearest {
      for x in columns.nearest {
        let index = (y * columns.inputCount + x) * channels
        for channel in 0..<channels { result.append(pixels[index + channel]) }
      }
    }
    return result
  }
}

extension Image {
  /// The picture resized to `height` x `width` pixels.
  public func resized(height: Int, width: Int, filter: ResamplingFilter = .bilinear) -> Image {
    if height == self.height, width == self.width { return self }
    return Resampler.shared(from: (self.height, self.width), to: (height, width), filter: filter).resized(self)
  }
}

extension Resampler {
  private struct Key: Hashable {
    var from: [Int]
    var to: [Int]
    var filter: ResamplingFilter
  }

  /// The resamplers that were used last: a dataset has few sizes, and their weights cost as much as a small picture.
  private static let known = Mutex<[Key: Resampler]>([:])

  /// The resampler for these sizes, made once.
  static func shared(from: (height: Int, width: Int), to: (height: Int, width: Int), filter: ResamplingFilter)
    -> Resampler
  {
    let key = Key(from: [from.height, from.width], to: [to.height, to.width], filter: filter)
    if let resampler = known.withLock({ $0[key] }) { return resampler }
    let resampler = Resampler(from: from, to: to, filter: filter)
    known.withLock { known in
      // Random sizes, as crops have, must not gather.
      if known.count >= 64 { known.removeAll(keepingCapacity: true) }
      known[key] = resampler
    }
    return resampler
  }
}

/// Exchanges the rows and columns of `height` x `width` pixels, and converts each value.
@inline(__always)
private func transposed<Value>(
  _ pixels: [UInt8], _ height: Int, _ width: Int, _ channels: Int, _ convert: (UInt8) -> Value
) -> [Value] {
  [Value](unsafeUninitializedCapacity: pixels.count) { target, count in
    pixels.withUnsafeBufferPointer { source in
      if channels == 1, let from = source.baseAddress, let to = target.baseAddress {
        // Four columns at a time: each row of the source is then read in fewer and longer pieces.
        var x = 0
        while x &+ 4 <= width {
          let (first, second) = (to + x &* height, to + (x &+ 1) &* height)
          let (third, fourth) = (to + (x &+ 2) &* height, to + (x &+ 3) &* height)
          for y in 0..<height {
            let row = from + (y &* width &+ x)
            (first + y).initialize(to: convert(row[0]))
            (second + y).initialize(to: convert(row[1]))
            (third + y).initialize(to: convert(row[2]))
            (fourth + y).initialize(to: convert(row[3]))
          }
          x &+= 4
        }
        while x < width {
          for y in 0..<height { (to + (x &* height &+ y)).initialize(to: convert(from[y &* width &+ x])) }
          x &+= 1
        }
        count = pixels.count
        return
      }
      var at = 0
      for x in 0..<width {
        for y in 0..<height {
          for channel in 0..<channels {
            target.initializeElement(at: at, to: convert(source[(y &* width &+ x) &* channels &+ channel]))
            at &+= 1
          }
        }
      }
    }
    count = pixels.count
  }
}
