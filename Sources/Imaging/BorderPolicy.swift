/// What a picture is thought to continue with beyond its border.
public enum BorderPolicy: Sendable, Hashable {
  /// The picture mirrored at its border pixels, which are not repeated: `dcb|abcd|cba` (OpenCV's `BORDER_REFLECT_101`).
  case reflect
  /// The nearest border pixel: `aaa|abcd|ddd` (OpenCV's `BORDER_REPLICATE`).
  case edge
  /// The same value everywhere, in every channel: `vvv|abcd|vvv` (OpenCV's `BORDER_CONSTANT`).
  case constant(UInt8)

  /// The index inside `0 ..< count` that stands in for `index`, or nil where the constant does.
  func index(_ index: Int, count: Int) -> Int? {
    if index >= 0, index < count { return index }
    switch self {
    case .constant:
      return nil
    case .edge:
      return index < 0 ? 0 : count - 1
    case .reflect:
      if count == 1 { return 0 }
      let period = 2 * (count - 1)
      let folded = ((index % period) + period) % period
      return folded < count ? folded : period - folded
    }
  }
}

extension BorderPolicy: Codable {
  /// Reads "reflect", "edge", or a number from 0 to 255 for a constant border.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Numbers first: every YAML scalar decodes as a string too.
    if let value = try? container.decode(Int.self) {
      guard let byte = UInt8(exactly: value) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "A constant border is 0 to 255, not \(value)")
      }
      self = .constant(byte)
      return
    }
    switch try container.decode(String.self) {
    case "reflect": self = .reflect
    case "edge": self = .edge
    case let name:
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "There is no border '\(name)'; it is reflect, edge, or a constant 0 to 255")
    }
  }

  /// Writes "reflect", "edge", or the constant as a number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .reflect: try container.encode("reflect")
    case .edge: try container.encode("edge")
    case .constant(let value): try container.encode(value)
    }
  }
}
