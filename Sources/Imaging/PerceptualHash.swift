#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// 64 bits that change little when a picture is scaled, compressed or slightly retouched.
///
/// The luma is resized to 32 x 32 (Lanczos), transformed by a DCT-II, and each of the 8 x 8 lowest frequencies gives one
/// bit: whether it is above their median. The first bit, the highest one, is the mean. This is the pHash of the Python
/// package ImageHash (its `phash`), whose bits it shares.
/// Source: Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010).
///
/// Pictures of one level share a hash, as all of them look alike; check for them apart.
public struct PerceptualHash: Sendable, Hashable {
  /// The bits, row by row of the frequencies, highest first.
  public let bits: UInt64

  /// Creates a hash from bits that were stored.
  public init(bits: UInt64) {
    self.bits = bits
  }

  /// Computes the hash of a picture.
  public init(of image: Image) {
    let small = image.convertedToGray().resized(height: Self.side, width: Self.side, filter: .lanczos)
    let frequencies = Self.lowFrequencies(of: small.pixels)
    let sorted = frequencies.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    bits = frequencies.reduce(0) { $0 << 1 | ($1 > median ? 1 : 0) }
  }

  /// The number of bits that differ, 0 to 64; up to about 6 for variants of one picture.
  public func distance(to other: PerceptualHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

  private static let side = 32
  private static let kept = 8

  /// cos(pi u (2 x + 1) / 64) at `u * 32 + x`.
  private static let cosines: [Float] = (0..<kept * side).map { index in
    Float(cos(.pi * Double(index / side) * Double(2 * (index % side) + 1) / Double(2 * side)))
  }

  /// The 8 x 8 lowest frequencies of a 32 x 32 picture, row by row.
  private static func lowFrequencies(of pixels: [UInt8]) -> [Float] {
    // Without its mean a picture of one level has frequencies of exactly zero, and no rounding errors turn into bits.
    let sum = pixels.reduce(0) { $0 + Int($1) }
    let mean = Float(sum) / Float(side * side)
    let cosines = Self.cosines
    // Each row's 8 horizontal frequencies, then the 8 vertical frequencies of those.
    var rows = [Float](repeating: 0, count: side * kept)
    for y in 0..<side {
      for u in 0..<kept {
        var value: Float = 0
        for x in 0..<side { value += cosines[u * side + x] * (Float(pixels[y * side + x]) - mean) }
        rows[y * kept + u] = value
      }
    }
    var result = [Float](repeating: 0, count: kept * kept)
    for v in 0..<kept {
      for y in 0..<side {
        for u in 0..<kept { result[v * kept + u] += cosines[v * side + y] * rows[y * kept + u] }
      }
    }
    result[0] = Float(sum)
    return result
  }
}

extension PerceptualHash: CustomStringConvertible {
  /// The bits as 16 hexadecimal digits.
  public var description: String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
