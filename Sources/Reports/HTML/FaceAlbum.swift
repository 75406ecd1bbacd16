import Foundation
import Imaging

/// Turns faces into pictures inside the page, as long as there is room for them.
struct FaceAlbum {
  /// A face as the templates see it.
  struct Picture {
    /// The whole picture; nil when there was no room left.
    let uri: String?
    /// What a reader sees who cannot see the picture.
    let alternative: String
    /// Shown while the pointer rests on the picture.
    let tooltip: String
    let label: String?
    let detail: String?
    /// Small pictures are enlarged with visible pixels, larger ones smoothly.
    let isPixelated: Bool
  }

  private let limits: HTMLReport.Limits
  private var bytes = 0
  /// Faces without a picture because there was no room left.
  private(set) var leftOut = 0

  init(limits: HTMLReport.Limits) {
    self.limits = limits
  }

  /// The picture of a face with its caption.
  ///
  /// - Throws: `ReportsError.unencodableFace` when the picture cannot be written as PNG.
  mutating func picture(of face: ReportContent.Face) throws -> Picture {
    let image = Self.reduced(face.image, longestSide: limits.longestSide)
    let encoded: [UInt8]
    do {
      encoded = try PNGCodec.encode(image)
    } catch {
      throw ReportsError.unencodableFace(key: face.key, reason: "\(error)")
    }
    let uri = "data:image/png;base64," + Data(encoded).base64EncodedString()
    let hasRoom = bytes + uri.utf8.count <= limits.pictureBytes
    if hasRoom { bytes += uri.utf8.count } else { leftOut += 1 }
    return Picture(
      uri: hasRoom ? uri : nil, alternative: face.label.map { "face labelled \($0)" } ?? "face",
      tooltip: [face.key, face.split, face.label, face.detail].compactMap { $0 }.joined(separator: " · "),
      label: face.label, detail: face.detail, isPixelated: max(image.width, image.height) <= 64)
  }

  /// `image`, or its reduction so that no side is longer than `longestSide`; the aspect is kept.
  static func reduced(_ image: Image, longestSide: Int) -> Image {
    let longest = max(image.width, image.height)
    guard longest > longestSide else { return image }
    return image.resized(
      height: max(1, image.height * longestSide / longest), width: max(1, image.width * longestSide / longest))
  }

  /// The pictures of the first `limit` faces.
  mutating func pictures(of faces: [ReportContent.Face], limit: Int) throws -> [Picture] {
    var pictures: [Picture] = []
    for face in faces.prefix(limit) { pictures.append(try picture(of: face)) }
    return pictures
  }
}
