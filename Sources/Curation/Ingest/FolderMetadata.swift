import Foundation

/// What a `metadata.csv` or `metadata.jsonl` says about the files of its folder and of those below it.
///
/// `file_name` is needed; `label`, `key`, `split`, `group` and `order` are read when they are there, everything else
/// is left alone. The layout is that of Hugging Face's `imagefolder`, and of our own export.
struct FolderMetadata {
  /// What is said about one file.
  struct Entry {
    var label: String?
    /// Whether labels are given at all: if so, an empty one means that the picture has none.
    var hasLabel: Bool
    var key: String?
    var split: String?
    var group: String?
    var order: Int?
  }

  /// By path, relative to the root of the source.
  private(set) var entries: [String: Entry] = [:]
  /// Entries that cannot be used.
  private(set) var rejections: [Rejection] = []

  static let fileNames = ["metadata.csv", "metadata.jsonl"]

  /// Reads all metadata files among `files`.
  init(root: String, files: [String], source: String) throws {
    for file in files where Self.fileNames.contains(Self.lastPart(file)) {
      guard let data = FileManager.default.contents(atPath: root + "/" + file) else { continue }
      let folder = file.dropLast(Self.lastPart(file).count)
      let rows = file.hasSuffix(".csv") ? try Self.csv([UInt8](data), file) : Self.jsonLines([UInt8](data))
      for (index, row) in rows.enumerated() {
        guard let name = row["file_name"], !name.isEmpty else {
          rejections.append(Rejection(item: "\(file) row \(index)", reason: "row \(index) of \(file) has no file_name"))
          continue
        }
        guard !name.hasPrefix("/"), !name.contains("://"), !name.split(separator: "/").contains("..") else {
          rejections.append(
            Rejection(item: "\(file) row \(index)", reason: "row \(index) of \(file) leads out of its folder: \(name)"))
          continue
        }
        entries[folder + name] = Entry(row)
      }
    }
  }

  private static func csv(_ bytes: [UInt8], _ file: String) throws -> [[String: String]] {
    let table = try CSVTable(bytes, name: file)
    guard table.column("file_name") != nil else {
      throw CurationError.wrongColumns(file, found: Array(table.columns.prefix(12)), wanted: "file_name and label")
    }
    let names = table.columns.map { $0.lowercased() }
    return table.rows.map { Dictionary(zip(names, $0), uniquingKeysWith: { first, _ in first }) }
  }

  private static func jsonLines(_ bytes: [UInt8]) -> [[String: String]] {
    bytes.split(separator: 0x0a).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0d } }.map { line in
      let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      return (object ?? [:]).compactMapValues { value in
        (value as? String) ?? (value as? NSNumber).map { "\($0)" }
      }
    }
  }

  private static func lastPart(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }
}

extension FolderMetadata.Entry {
  /// Reads the columns that are known; an empty text says nothing.
  init(_ row: [String: String]) {
    func text(_ name: String) -> String? { row[name].flatMap { $0.isEmpty ? nil : $0 } }
    let split = row["split"]?.trimmed ?? ""
    self.init(
      label: text("label"), hasLabel: row["label"] != nil, key: text("key"), split: split.isEmpty ? nil : split,
      group: text("group"), order: text("order").flatMap(Int.init))
  }
}
