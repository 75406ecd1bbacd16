#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Image {
  /// The picture convolved with a Gaussian of standard deviation `sigma`, in pixels; the border is reflected.
  ///
  /// The kernel has `2 r + 1` taps with r = 3 sigma, rounded (OpenCV's `GaussianBlur` with a size of 0), and a sum of 1.
  public func blurred(sigma: Double) -> Image {
    precondition(sigma.isFinite && sigma >= 0, "A standard deviation is zero or more")
    let radius = Int((sigma * 6 + 1).rounded()) / 2
    guard sigma > 0, radius > 0 else { return self }
    var kernel = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = kernel.reduce(0, +)
    for index in kernel.indices { kernel[index] /= sum }
    let taps = kernel.map { Float($0) }
    let rows = Self.reflected(height, radius)
    let columns = Self.reflected(width, radius)
    let stride = width * channels
    var lines = [Float](repeating: 0, count: pixels.count)
    for y in 0..<height {
      for (tap, weight) in taps.enumerated() {
        let from = rows[y + tap] * stride
        for x in 0..<stride { lines[y * stride + x] += weight * Float(pixels[from + x]) }
      }
    }
    var result = self
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          var value: Float = 0.5
          for (tap, weight) in taps.enumerated() {
            value += weight * lines[y * stride + columns[x + tap] * channels + channel]
          }
          result.pixels[y * stride + x * channels + channel] = UInt8(max(0, min(255, value)))
        }
      }
    }
    return result
  }

  /// The positions that stand in for `-radius ..< length + radius`.
  private static func reflected(_ length: Int, _ radius: Int) -> [Int] {
    (-radius..<length + radius).map { BorderPolicy.reflect.index($0, count: length) ?? 0 }
  }
}
