import Foundation

/// A file, a folder or the standard input, about to be ingested.
public final class IngestSource {
  /// The path as it was given; `-` is the standard input.
  public let path: String
  /// The last part of the path, by which the dataset remembers the source; compression adds nothing to it.
  public let name: String
  /// Whether it is a folder.
  public let isFolder: Bool
  /// What the same command ingested before it: votes belong to the csv that they came with.
  var companions: [SourceReport] = []
  private var opened: ByteStream?

  /// Looks at a path.
  ///
  /// - Throws: `CurationError.noSuchSource`.
  public init(_ path: String) throws {
    self.path = path
    guard path != "-" else {
      name = "stdin"
      isFolder = false
      return
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CurationError.noSuchSource(path)
    }
    self.isFolder = isFolder.boolValue
    var name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    for suffix in [".gz", ".xz"] where !isFolder.boolValue && name.hasSuffix(suffix) {
      name = String(name.dropLast(suffix.count))
    }
    self.name = name
  }

  /// The first bytes, decompressed, at most 64 KiB; they can still be read from the stream.
  ///
  /// A folder has none.
  func start() throws -> [UInt8] {
    guard !isFolder else { return [] }
    return try stream().peek()
  }

  /// The bytes, decompressed; to be read once.
  func stream() throws -> ByteStream {
    if let opened { return opened }
    let stream = try ByteStream(path: path, name: name)
    opened = stream
    return stream
  }
}
