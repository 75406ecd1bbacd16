import Foundation
import Imaging

/// Tiny sources: what a FER csv and its pictures look like.
enum TestFiles {
  /// A gray picture of 48 x 48 pixels; different for every seed.
  static func picture(_ seed: Int) -> Image {
    let pixels = (0..<48 * 48).map { index in UInt8((index * (seed + 3) + (index / 48) * (seed * 7 + 1)) % 251) }
    return Image(height: 48, width: 48, pixels: pixels)
  }

  /// The pixels of a csv row.
  static func pixels(_ seed: Int) -> String { picture(seed).pixels.map(String.init).joined(separator: " ") }

  /// A FER csv with three pictures of every class in training and one in each of validation and test.
  static func csv() -> String {
    var rows = ["emotion,pixels,Usage"]
    for usage in ["Training", "Training", "Training", "PublicTest", "PrivateTest"] {
      for label in 0..<7 { rows.append("\(label),\(pixels(rows.count)),\(usage)") }
    }
    return rows.joined(separator: "\n") + "\n"
  }

  /// A FER csv with the given rows.
  static func csv(rows: [String]) -> String { (["emotion,pixels,Usage"] + rows).joined(separator: "\n") + "\n" }

  /// The bytes of a picture as a PNG file.
  static func png(_ seed: Int) throws -> Data { Data(try PNGCodec.encode(picture(seed))) }

  /// The bytes of a picture as a JPEG file.
  static func jpeg(_ seed: Int) throws -> Data { Data(try JPEGCodec.encode(picture(seed), quality: 90)) }
}
