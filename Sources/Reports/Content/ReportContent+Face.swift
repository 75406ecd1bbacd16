import Foundation
public import Imaging

extension ReportContent {
  /// One picture of the dataset as a report shows it.
  public struct Face: Sendable, Hashable {
    /// The picture.
    public var image: Image
    /// The key of the sample.
    public var key: String
    /// The part of the dataset it belongs to.
    public var split: String?
    /// Its label.
    public var label: String?
    /// A few more words for the caption.
    public var detail: String?
    /// Neighbouring faces of one group (copies of one picture) are shown joined.
    public var group: String?

    /// Creates a picture with its caption.
    public init(
      image: Image, key: String, split: String? = nil, label: String? = nil, detail: String? = nil,
      group: String? = nil
    ) {
      self.image = image
      self.key = key
      self.split = split
      self.label = label
      self.detail = detail
      self.group = group
    }
  }
}

/// A face is coded with its raw pixels in base64, so that a saved report content is one JSON document.
extension ReportContent.Face: Codable {
  private enum CodingKeys: String, CodingKey {
    case height, width, channels, pixels, key, split, label, detail, group
  }

  /// Reads a face; throws `DecodingError` when size and pixels do not fit each other.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let height = try values.decode(Int.self, forKey: .height)
    let width = try values.decode(Int.self, forKey: .width)
    let channels = try values.decode(Int.self, forKey: .channels)
    let pixels = [UInt8](try values.decode(Data.self, forKey: .pixels))
    let isValid = (1...65_535).contains(height) && (1...65_535).contains(width) && (channels == 1 || channels == 3)
    guard isValid, pixels.count == height * width * channels else {
      throw DecodingError.dataCorruptedError(
        forKey: .pixels, in: values,
        debugDescription: "\(pixels.count) values do not make \(height) x \(width) x \(channels) pixels")
    }
    image = Image(height: height, width: width, channels: channels, pixels: pixels)
    key = try values.decode(String.self, forKey: .key)
    split = try values.decodeIfPresent(String.self, forKey: .split)
    label = try values.decodeIfPresent(String.self, forKey: .label)
    detail = try values.decodeIfPresent(String.self, forKey: .detail)
    group = try values.decodeIfPresent(String.self, forKey: .group)
  }

  /// Writes a face.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(image.height, forKey: .height)
    try values.encode(image.width, forKey: .width)
    try values.encode(image.channels, forKey: .channels)
    try values.encode(Data(image.pixels), forKey: .pixels)
    try values.encode(key, forKey: .key)
    try values.encodeIfPresent(split, forKey: .split)
    try values.encodeIfPresent(label, forKey: .label)
    try values.encodeIfPresent(detail, forKey: .detail)
    try values.encodeIfPresent(group, forKey: .group)
  }
}
