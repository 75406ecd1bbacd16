public import Imaging

extension HeatMap {
  /// The colours for this kind of map.
  public var colours: ColourMap { isSigned ? .diverging : .rising }

  /// The map scaled for the eye: from 0 to 1, or from -1 to 1 with its zero kept where it has signs.
  ///
  /// The value that one pixel in a hundred exceeds becomes 1, so that a single pixel does not darken all others.
  public var forDisplay: HeatMap {
    let finite = values.map { $0.isFinite ? $0 : 0 }
    let low = isSigned ? 0 : finite.min() ?? 0
    let sizes = finite.map { abs($0 - low) }.sorted()
    let largest = sizes[min(sizes.count - 1, sizes.count * 99 / 100)]
    let scale = largest > 0 ? largest : sizes.last ?? 0
    var copy = self
    for i in values.indices { copy.values[i] = scale > 0 ? max(-1, min(1, (finite[i] - low) / scale)) : 0 }
    return copy
  }

  /// The map alone, in colours, enlarged.
  public func picture(magnification: Int = 1) -> Image {
    let large = forDisplay.resized(height: height * magnification, width: width * magnification)
    var image = Image(height: large.height, width: large.width, channels: 3, filledWith: 0)
    for i in large.values.indices { image.paint(colours.colour(large.values[i]), at: i, opacity: 1) }
    return image
  }

  /// The map laid over a picture, the more opaque the more a pixel counts.
  public func overlay(on picture: Image, magnification: Int = 1) -> Image {
    let (height, width) = (picture.height * magnification, picture.width * magnification)
    let large = forDisplay.resized(height: height, width: width)
    var image = picture.convertedToRGB().resized(height: height, width: width, filter: .bicubic)
    for i in large.values.indices {
      let value = isSigned ? large.values[i] : max(0, large.values[i])
      image.paint(colours.colour(value), at: i, opacity: 0.8 * abs(value).squareRoot())
    }
    return image
  }
}

extension Image {
  /// Mixes a colour into a pixel of a colour picture.
  mutating func paint(_ colour: (red: UInt8, green: UInt8, blue: UInt8), at pixel: Int, opacity: Float) {
    func mix(_ level: UInt8, _ c: Int) {
      let mixed = Float(pixels[pixel * 3 + c]) * (1 - opacity) + Float(level) * opacity
      pixels[pixel * 3 + c] = UInt8(max(0, min(255, mixed.rounded())))
    }
    mix(colour.red, 0)
    mix(colour.green, 1)
    mix(colour.blue, 2)
  }

  /// Copies a picture into this one.
  mutating func place(_ picture: Image, top: Int, left: Int) {
    precondition(channels == picture.channels, "Pictures of one kind can be put together")
    precondition(top + picture.height <= height && left + picture.width <= width, "The picture has room for the other")
    for y in 0..<picture.height {
      let start = ((top + y) * width + left) * channels
      let row = y * picture.width * channels
      pixels.replaceSubrange(
        start..<(start + picture.width * channels), with: picture.pixels[row..<(row + picture.width * channels)])
    }
  }
}

extension Image {
  /// Values [C, H, W] as a picture, their mean as middle gray and three standard deviations to each side as black and
  /// white: how a network's input without a camera is shown.
  public static func of(values: [Float], height: Int, width: Int) -> Image {
    let (plane, count) = (height * width, Float(values.count))
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    let channels = values.count / plane
    var image = Image(height: height, width: width, channels: channels, filledWith: 0)
    for c in 0..<channels {
      for i in 0..<plane {
        let level = deviation > 0 ? (values[c * plane + i] - mean) / (3 * deviation) : 0
        image.pixels[i * channels + c] = UInt8(max(0, min(255, (127.5 + 127.5 * level).rounded())))
      }
    }
    return image
  }
}
