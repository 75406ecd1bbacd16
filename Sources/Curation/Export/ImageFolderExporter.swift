import Foundation
import Imaging

/// Writes `SPLIT/CLASS/KEY.png` with `metadata.csv` in each split, and `classes.txt`.
///
/// A picture that was ingested from a file is written as that file, byte for byte; others as PNG. `metadata.csv` is
/// the one that Hugging Face's `imagefolder` reads (`file_name`, `label`), with all that is needed to get the same
/// dataset back: `key`, `group` and `order`; and, for people, the label at first, and parent and operations of derived
/// pictures. Samples without a label stand in the folder `unlabelled`.
public enum ImageFolderExporter: Exporter {
  /// The name used by `--format`.
  public static let name = "image-folder"
  /// What it writes.
  public static let summary = "Pictures in split and class folders with metadata.csv and classes.txt"

  private static let columns = [
    "file_name", "label", "key", "group", "order", "ingested_label", "parent", "operations",
  ]

  /// Whether a `metadata.csv` with these columns was written by an export: no one else names these five like that.
  static func wrote(columns found: [String]) -> Bool { found.starts(with: columns.prefix(5)) }

  /// Writes the folders; see `Export.run`.
  public static func export(_ store: DatasetStore, into folder: String, progress: Progress?) throws -> ExportReport {
    let samples = try store.samples()
    let lineage = try Lineage(store)
    var names = FileNames()
    var folders: Set<String> = []
    var metadata: [Split: String] = [:]
    var report = ExportReport(format: name, written: 0, rejected: [], notes: [])
    let classes = try store.classes().joined(separator: "\n") + "\n"
    try OutputFile.write(Data(classes.utf8), to: folder + "/classes.txt")
    var start = 0
    while start < samples.count {
      try progress?(start, samples.count)
      let batch = Array(samples[start..<min(start + 256, samples.count)])
      let files = try contents(of: batch, in: store)
      for (index, (sample, file)) in zip(batch, files).enumerated() {
        let path = names.path(for: sample, extension: file.fileExtension)
        let target = folder + "/\(sample.split.rawValue)/" + path
        if folders.insert((target as NSString).deletingLastPathComponent).inserted {
          try ExportFolder.make((target as NSString).deletingLastPathComponent)
        }
        try OutputFile.write(file.bytes, to: target)
        let origin = try lineage.columns(of: sample)
        metadata[sample.split, default: CSVText.record(columns)] += CSVText.record(
          [path, sample.label ?? "", sample.key, sample.group ?? "", "\(start + index)"] + origin)
        report.written += 1
      }
      start += batch.count
    }
    for (split, text) in metadata {
      try OutputFile.write(Data(text.utf8), to: folder + "/\(split.rawValue)/metadata.csv")
    }
    try progress?(samples.count, samples.count)
    return report
  }

  private struct File: Sendable {
    var bytes: Data
    var fileExtension: String
  }

  private static func contents(of samples: [Sample], in store: DatasetStore) throws -> [File] {
    var files = [File?](repeating: nil, count: samples.count)
    var rendered: [Sample] = []
    for (index, sample) in samples.enumerated() {
      if let bytes = try store.originalBytes(of: sample) {
        let format = bytes.withUnsafeBytes { ImageCodecs.format(of: $0) }
        files[index] = File(bytes: Data(bytes), fileExtension: format?.fileExtensions.first ?? "png")
      } else {
        rendered.append(sample)
      }
    }
    var images: [Image] = []
    try store.forEachImage(of: rendered) { images.append($1) }
    let pictures = images
    let encoded = try concurrentMap(pictures.count) { Data(try PNGCodec.encode(pictures[$0])) }
    var next = encoded.makeIterator()
    return files.compactMap { $0 ?? next.next().map { File(bytes: $0, fileExtension: "png") } }
  }
}

/// What the metadata say about where a sample comes from.
private struct Lineage {
  private let store: DatasetStore
  private let keys: [Int64: String]
  private let firstLabels: [Int64: String]

  init(_ store: DatasetStore) throws {
    self.store = store
    keys = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, $0.key) })
    firstLabels = try store.firstLabels()
  }

  func columns(of sample: Sample) throws -> [String] {
    let label = firstLabels[sample.id] ?? ""
    guard sample.encoding == .derived, let derivation = try store.derivation(of: sample) else {
      return [label, "", ""]
    }
    return [label, keys[derivation.parent] ?? "", derivation.operations.json]
  }
}
