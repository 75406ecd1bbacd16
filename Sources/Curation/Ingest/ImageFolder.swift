import Foundation
import GRDB
import Imaging

/// Reads pictures from class folders.
///
/// The layouts are `CLASS/picture.png`, `SPLIT/CLASS/picture.png`, and either with `metadata.csv` or `metadata.jsonl`,
/// which count more than the folders. The key of a picture is its path inside the folder. Formats are told by their
/// bytes, never by the name; a file that has the name of a picture but cannot be decoded is rejected with the reason.
/// The order is that of the paths, or of the column `order`.
public enum ImageFolder: Ingestor {
  /// The name used by `--format`.
  public static let name = "image-folder"
  /// What it reads.
  public static let summary = "Pictures in class folders, in split and class folders, or described by metadata.csv"

  /// Every folder.
  public static func recognises(_ source: IngestSource) throws -> Bool { source.isFolder }

  /// Reads the pictures; see `Ingest.run`.
  ///
  /// - Throws: `CurationError.noClassFolders`.
  public static func ingest(
    _ source: IngestSource, into store: DatasetStore, options: IngestOptions, progress: Progress?
  ) throws -> SourceReport {
    guard source.isFolder else { throw CurationError.noClassFolders(source.name) }
    let contents = try FolderContents(source: source, options: options)
    guard contents.pictures.contains(where: { $0.classWord != nil }) else {
      throw contents.unreadable.first?.error ?? CurationError.noClassFolders(source.name)
    }
    let datasetPath = store.path
    return try store.write { db in
      let row = try SourceRow.findOrInsert(db, name: source.name, kind: name)
      let writer = try SourceWriter(db, source: row, options: options) { contents.classes }
      for rejection in contents.rejections { writer.reject(item: rejection.item, reason: rejection.reason) }
      if contents.ignored > 0 { writer.note("\(contents.ignored) files are no pictures and were left alone") }
      let total = contents.pictures.count
      var done = 0
      while done < total {
        try progress?(done, total)
        let batch = Array(contents.pictures[done..<min(done + 256, total)])
        let read = try concurrentMap(batch.count) { ReadPicture(path: contents.root + "/" + batch[$0].path) }
        for (picture, read) in zip(batch, read) {
          try add(picture, read, writer: writer, options: options, datasetPath: datasetPath)
        }
        done += batch.count
      }
      try progress?(total, total)
      return try writer.finish(items: total)
    }
  }

  private static func add(
    _ picture: FolderContents.Picture, _ read: ReadPicture, writer: SourceWriter, options: IngestOptions,
    datasetPath: String?
  ) throws {
    let decoded: ReadPicture.Decoded
    switch read.result {
    case .success(let value): decoded = value
    case .failure(let failure):
      writer.reject(item: picture.path, reason: "\(picture.path): \(failure.reason)")
      return
    }
    var label: String?
    if let word = picture.classWord {
      label = writer.classes.name(for: word)
      if label == nil {
        let known = writer.classes.names.joined(separator: ", ")
        writer.reject(item: picture.path, reason: "\(picture.path) has the class '\(word)'; the classes are \(known)")
        return
      }
    }
    for note in decoded.notes { writer.note("\(picture.path): \(note)") }
    try writer.add(
      NewSample(
        key: picture.key, split: picture.split, label: label, width: decoded.width, height: decoded.height,
        channels: decoded.channels, encoding: options.link ? .link : decoded.encoding, pixelHash: decoded.hash,
        source: 0, group: picture.group,
        path: options.link ? LinkedPath.stored(read.path, datasetPath: datasetPath) : nil,
        bytes: options.link ? nil : decoded.bytes),
      item: picture.path)
  }
}

/// A picture file that was read and decoded once, for its size and fingerprint; the pixels themselves are let go.
private struct ReadPicture: Sendable {
  struct Decoded: Sendable {
    var bytes: Data
    var encoding: Sample.Encoding
    var width: Int
    var height: Int
    var channels: Int
    var hash: String
    var notes: [String]
  }

  struct Failure: Error {
    var reason: String
  }

  let path: String
  let result: Result<Decoded, Failure>

  init(path: String) {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      result = .failure(Failure(reason: "the file cannot be read"))
      return
    }
    do {
      let decoded = try ImageCodecs.decode([UInt8](data))
      result = .success(
        Decoded(
          bytes: data, encoding: decoded.format.encoding, width: decoded.image.width, height: decoded.image.height,
          channels: decoded.image.channels, hash: PixelHash.of(decoded.image), notes: decoded.notes))
    } catch {
      result = .failure(Failure(reason: "\(error)"))
    }
  }
}

extension ImageFormat {
  /// How a dataset stores a file of this format.
  fileprivate var encoding: Sample.Encoding {
    switch self {
    case .png: .png
    case .jpeg: .jpeg
    case .pnm: .pnm
    }
  }
}
