/// Two pictures that show almost the same.
public struct NearPair: Sendable, Codable, Hashable {
  /// The sample of the smaller id; of several samples with equal pixels the first.
  public var first: Int64
  /// The other one, likewise.
  public var second: Int64
  /// How the pictures correlate where they lie on each other, up to 1.
  public var correlation: Double
  /// Whether the second is like the mirror image of the first.
  public var mirrored: Bool
  /// Pixels by which the first, mirrored or not, is moved to the right and down to lie on the second.
  public var x: Int
  /// See `x`.
  public var y: Int

  /// Creates a pair.
  public init(first: Int64, second: Int64, correlation: Double, mirrored: Bool = false, x: Int = 0, y: Int = 0) {
    self.first = first
    self.second = second
    self.correlation = correlation
    self.mirrored = mirrored
    self.x = x
    self.y = y
  }

  /// How the second differs, for a person: "mirrored, moved by 1, -2", or nothing.
  public var change: String {
    var parts: [String] = []
    if mirrored { parts.append("mirrored") }
    if x != 0 || y != 0 { parts.append("moved by \(x), \(y)") }
    return parts.joined(separator: ", ")
  }
}
