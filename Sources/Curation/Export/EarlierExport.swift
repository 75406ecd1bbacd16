import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What stands in the folders of the splits when pictures are exported there again.
///
/// Pictures of an earlier export that the new one does not write would be read back as if they belonged to it. Which
/// files an earlier export wrote, its `metadata.csv` says; nothing else is ever taken away.
struct EarlierExport {
  /// Files that an earlier export wrote and the new one does not write; paths inside the folder.
  private(set) var stale: [String] = []
  /// Files that neither of them wrote.
  private(set) var others: [String] = []
  private let folder: String

  /// Looks into a folder.
  ///
  /// - Parameter written: What the new export writes, as paths inside the folder. Unless pictures are among it, an
  ///   earlier export of pictures is left as it is.
  init(in folder: String, written: Set<String>) throws {
    self.folder = folder
    guard Split.allCases.contains(where: { written.contains(Self.list(of: $0)) }) else { return }
    for split in Split.allCases where FolderListing.isFolder(folder + "/" + split.rawValue) {
      let listed = Self.listed(in: folder, split)
      for file in try FolderListing.files(in: folder + "/" + split.rawValue).map({ split.rawValue + "/" + $0 })
      where !written.contains(file) {
        if listed.contains(file) { stale.append(file) } else { others.append(file) }
      }
    }
  }

  /// Takes the stale files away, and the folders that have nothing left in them.
  func removeStale() throws {
    for file in stale {
      try ExportFolder.writing(folder + "/" + file) { try FileManager.default.removeItem(atPath: folder + "/" + file) }
    }
    for parent in Set(stale.map(ExportFolder.parent(of:))).sorted(by: >) {
      // It fails on a folder that is not empty.
      rmdir(folder + "/" + parent)
    }
  }

  /// Where an export lists the pictures of a split.
  private static func list(of split: Split) -> String { split.rawValue + "/metadata.csv" }

  /// The files that an earlier export wrote for a split, its list among them; none when the list is of other origin.
  private static func listed(in folder: String, _ split: Split) -> Set<String> {
    let list = list(of: split)
    guard let data = FileManager.default.contents(atPath: folder + "/" + list),
      let table = try? CSVTable([UInt8](data), name: list), ImageFolderExporter.wrote(columns: table.columns)
    else { return [] }
    return Set(table.rows.compactMap(\.first).map { split.rawValue + "/" + $0 } + [list])
  }
}
