extension Image {
  /// The picture without the plane `a + b x + c y` that fits its levels best, its mean kept: even light from one side is gone.
  ///
  /// The least-squares plane, channel by channel. FER+ prepares its pictures so, after equalising them (`equalized()`).
  /// Source: Barsoum et al., "Training deep networks for facial expression recognition with crowd-sourced label
  /// distribution" (2016), and its published code.
  public func withoutPlane() -> Image {
    var result = self
    let centreX = Double(width - 1) / 2
    let centreY = Double(height - 1) / 2
    // On a full grid the coordinates are uncorrelated: each slope is fitted by itself.
    let spreadX = Double(height) * Double(width) * (Double(width) * Double(width) - 1) / 12
    let spreadY = Double(height) * Double(width) * (Double(height) * Double(height) - 1) / 12
    for channel in 0..<channels {
      var (slopeX, slopeY) = (0.0, 0.0)
      for y in 0..<height {
        for x in 0..<width {
          let value = Double(pixels[(y * width + x) * channels + channel])
          slopeX += (Double(x) - centreX) * value
          slopeY += (Double(y) - centreY) * value
        }
      }
      slopeX = spreadX > 0 ? slopeX / spreadX : 0
      slopeY = spreadY > 0 ? slopeY / spreadY : 0
      for y in 0..<height {
        for x in 0..<width {
          let index = (y * width + x) * channels + channel
          let plane = slopeX * (Double(x) - centreX) + slopeY * (Double(y) - centreY)
          result.pixels[index] = Image.level(Double(pixels[index]) - plane)
        }
      }
    }
    return result
  }
}
