import Foundation

/// Writes a dataset in one format.
///
/// Excluded samples are left out and derived ones are rendered; the same dataset gives the same bytes. A sample that
/// the format cannot hold is listed as a rejection, and everything else is written.
/// To add one: a file in `Export/`, a line in `Export.all`, a test.
public protocol Exporter: Sendable {
  /// The name used by `--format`.
  static var name: String { get }
  /// What it writes, in one line.
  static var summary: String { get }
  /// Writes into a folder that exists and is empty, or holds only what other exporters wrote.
  static func export(_ store: DatasetStore, into folder: String, progress: Progress?) throws -> ExportReport
}

/// What came of one export.
public struct ExportReport: Sendable, Codable, Hashable {
  /// The name of the format.
  public var format: String
  /// Samples that were written.
  public var written: Int
  /// Samples that the format cannot hold, with the reasons; the item is the key.
  public var rejected: [Rejection]
  /// What else a person may want to know: pictures that were converted.
  public var notes: [String]
}

/// Everything that comes out of a dataset.
public enum Export {
  /// The exporters.
  public static let all: [any Exporter.Type] = [FERCSVExporter.self, ImageFolderExporter.self]

  /// Writes a dataset into a folder in one or more formats.
  ///
  /// Everything is first written beside the folder, under another name, and then moved: a stopped export leaves the
  /// folder as it was.
  /// - Parameters:
  ///   - folder: Made if it is missing.
  ///   - overwrite: Also writes into a folder that is not empty. Files of the same paths are replaced, and pictures that
  ///     an earlier export listed are taken away where this one does not write them; everything else stays.
  /// - Throws: `CurationError.unknownFormat`, `.folderNotEmpty`, `.folderHoldsLinkedFiles`, `.nothingToExport` or
  ///   `.cannotWrite`.
  public static func run(
    formats: [String], of store: DatasetStore, to folder: String, overwrite: Bool = false, progress: Progress? = nil
  ) throws -> [ExportReport] {
    let exporters = try formats.map(exporter(named:))
    guard try store.samples().isEmpty == false else { throw CurationError.nothingToExport }
    let target = try ExportFolder(folder, overwrite: overwrite, linked: store.linkedFiles)
    do {
      var reports = try exporters.map { try $0.export(store, into: target.partial, progress: progress) }
      let others = try target.finish()
      if let first = others.first, let pictures = reports.firstIndex(where: { $0.format == ImageFolderExporter.name }) {
        reports[pictures].notes.append(
          "\(others.count) files among the pictures are no part of the export and stay, such as \(first)")
      }
      return reports
    } catch {
      target.discard()
      throw error
    }
  }

  /// The exporter of this name.
  public static func exporter(named name: String) throws -> any Exporter.Type {
    guard let exporter = all.first(where: { $0.name == name }) else {
      throw CurationError.unknownFormat(name, known: all.map { $0.name })
    }
    return exporter
  }
}
