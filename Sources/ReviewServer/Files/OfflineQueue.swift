import Curation
import Foundation

/// A queue as one HTML file for a reviewer without fercure: faces, scripts and styles are inside.
///
/// It keeps decisions in the browser and saves them as a small JSON document, which `fercure resolve --from` reads.
struct OfflineQueue {
  /// Faces in a file unless it is told otherwise: about two megabytes for pictures of 48 x 48.
  static let usualFaces = 300
  /// Neighbours of each kind.
  private static let neighbours = 4

  /// What the script reads.
  private struct Contents: Encodable {
    var dataset: String
    var audit: Int64
    var reviewer: String
    var classes: [String]
    var faces: [FaceDetail]
    /// Pictures by sample: a neighbour of several faces is there once.
    var pictures: [String: String]
  }

  /// The page.
  static func page(
    _ board: ReviewBoard, library: FaceLibrary, query: QueueQuery, reviewer: String, name: String, limit: Int
  ) throws -> [UInt8] {
    let entries = try board.queue(query, reviewer: reviewer).entries.prefix(limit)
    var faces = try board.details(
      of: entries.map(\.id), reviewer: reviewer, isBlind: true, library: library, withNeighbours: true)
    var samples: Set<Int64> = []
    for index in faces.indices {
      // A queue for another person says nothing of what was said so far.
      faces[index].mine = nil
      faces[index].sureGiven = Array(faces[index].sureGiven.prefix(neighbours))
      faces[index].sureSuggested = Array(faces[index].sureSuggested.prefix(neighbours))
      faces[index].alike = []
      faces[index].copies = Array(faces[index].copies.prefix(neighbours))
      let shown = faces[index].sureGiven + faces[index].sureSuggested + faces[index].copies
      samples.formUnion([faces[index].sample] + shown.map(\.sample))
    }
    var pictures: [String: String] = [:]
    for sample in samples.sorted() {
      pictures["\(sample)"] = "data:image/png;base64," + Data(try library.png(of: sample)).base64EncodedString()
    }
    let contents = Contents(
      dataset: name, audit: try board.withState { $0.audit } ?? 0, reviewer: reviewer, classes: board.classes,
      faces: faces, pictures: pictures)
    return Array(try html(contents).utf8)
  }

  private static func html(_ contents: Contents) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = Escaping.script(try encoder.encode(contents))
    let nonce = secret()
    let scripts = Assets.offlineScripts.compactMap { Assets.named($0) }
      .map { "<script nonce=\"\(nonce)\">\n\(String(decoding: $0.bytes, as: UTF8.self))</script>" }
      .joined(separator: "\n")
    let styles = String(decoding: PackageResources.review_css, as: UTF8.self)
    let policy = "default-src 'none'; img-src data:; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'"
    var page = String(decoding: PackageResources.page_html, as: UTF8.self)
    for name in ["core", "queue", "grid", "overview"] {
      page = page.replacing("<script src=\"/assets/\(name).js\" defer></script>\n", with: "")
    }
    page = page.replacing(
      "<link rel=\"stylesheet\" href=\"/assets/review.css\">",
      with: """
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <style nonce="\(nonce)">
        \(styles)</style>
        """)
    return page.replacing(
      "</body>", with: "<script type=\"application/json\" id=\"data\">\(json)</script>\n\(scripts)\n</body>")
  }

  // What guards a page must not follow from a seed.
  private static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return String(generator.next() as UInt64, radix: 36) + String(generator.next() as UInt64, radix: 36)
  }
}
