import Foundation
import GRDB
import Imaging

/// A picture as it is stored: bytes in the file, or the path of a file beside it.
struct StoredPicture: Sendable {
  let id: Int64
  let key: String
  let width: Int
  let height: Int
  let channels: Int
  let encoding: Sample.Encoding
  let pixelHash: String
  let path: String?
  let bytes: [UInt8]

  static func fetch(_ db: Database, _ sample: Int64) throws -> StoredPicture {
    let statement = try db.cachedStatement(
      sql: """
        SELECT sample.id, key, width, height, channels, encoding, pixelHash, path, bytes
        FROM sample LEFT JOIN image ON image.sample = sample.id WHERE sample.id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [sample]) else {
      throw CurationError.noSuchSample("id \(sample)")
    }
    let bytes = try row.withUnsafeData(atIndex: 8) { data in data.map { [UInt8]($0) } ?? [] }
    return StoredPicture(
      id: row[0], key: row[1], width: row[2], height: row[3], channels: row[4], encoding: try row.named(5),
      pixelHash: row[6],
      path: row[7], bytes: bytes)
  }

  /// Decodes the picture.
  ///
  /// - Parameter datasetPath: The dataset file; a linked path that is not absolute starts in its folder.
  func decoded(besides datasetPath: String?) throws -> Image {
    switch encoding {
    case .gray8:
      guard bytes.count == width * height else {
        throw CurationError.cannotRender(
          sample: key, reason: "it has \(bytes.count) pixels, expected \(width * height)")
      }
      return Image(height: height, width: width, pixels: bytes)
    case .png, .jpeg, .pnm:
      return try decode(bytes)
    case .link:
      return try linked(besides: datasetPath).image
    case .derived:
      throw CurationError.cannotRender(sample: key, reason: "it is derived, but its derivation is missing")
    }
  }

  /// The bytes of the original file.
  func fileBytes(besides datasetPath: String?) throws -> [UInt8] {
    encoding == .link ? try linked(besides: datasetPath).bytes : bytes
  }

  /// What a linked file holds, if that is still the picture that was ingested.
  private func linked(besides datasetPath: String?) throws -> (bytes: [UInt8], image: Image) {
    let file = LinkedPath.absolute(path ?? "", datasetPath: datasetPath)
    guard let data = FileManager.default.contents(atPath: file) else {
      throw CurationError.linkedFileMissing(sample: key, path: file)
    }
    let bytes = [UInt8](data)
    let image = try decode(bytes)
    guard PixelHash.of(image) == pixelHash else { throw CurationError.linkedFileChanged(sample: key, path: file) }
    return (bytes, image)
  }

  private func decode(_ bytes: [UInt8]) throws -> Image {
    do {
      return try ImageCodecs.decode(bytes).image
    } catch {
      throw CurationError.cannotRender(sample: key, reason: "\(error)")
    }
  }
}
