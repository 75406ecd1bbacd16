import Foundation
import Imaging

/// What a folder of pictures contains, before a single picture is decoded: which files, and what paths and metadata say
/// about them.
struct FolderContents: Sendable {
  /// A file that is, or claims to be, a picture.
  struct Picture: Sendable {
    /// Relative to the root.
    var path: String
    var key: String
    var split: Split
    /// The word that names its class; nil when it has none.
    var classWord: String?
    var group: String?
    fileprivate var order: Int?
  }

  /// The folder that the paths start from.
  let root: String
  /// In the order in which they are ingested.
  private(set) var pictures: [Picture] = []
  /// Items that cannot be used.
  private(set) var rejections: [Rejection]
  /// Folders below the root that cannot be read, and why; they are among the rejections, too.
  private(set) var unreadable: [(path: String, error: CurationError)] = []
  /// Files that are no pictures and do not look like them.
  private(set) var ignored = 0
  /// The classes for a dataset that has none.
  private(set) var classes: [String] = []

  private static let extensions: Set<String> = [
    "png", "jpg", "jpeg", "jpe", "pgm", "ppm", "pbm", "pnm", "bmp", "gif", "webp", "tif", "tiff", "avif", "heic",
  ]

  init(source: IngestSource, options: IngestOptions) throws {
    root = try FolderListing.root(of: source.path)
    var unreadable: [(path: String, error: CurationError)] = []
    let files = try FolderListing.files(in: root) { unreadable.append(($0, $1)) }
    self.unreadable = unreadable.sorted { $0.path < $1.path }
    let metadata = try FolderMetadata(root: root, files: files, source: source.name)
    rejections =
      self.unreadable.map { Rejection(item: $0.path, reason: "\($0.error)") } + metadata.rejections
    let folderName = URL(fileURLWithPath: root).standardizedFileURL.lastPathComponent
    let fallback = options.split ?? SplitWords.split(for: folderName) ?? .train
    for file in files where !isPartOfLayout(file) {
      guard metadata.entries[file] != nil || isPicture(file) else {
        ignored += 1
        continue
      }
      add(file, entry: metadata.entries[file], fallback: fallback)
    }
    let present = Set(files)
    let missing = metadata.entries.keys.filter { !present.contains($0) }
    for file in missing.sorted() where !unreadable.contains(where: { file.hasPrefix($0.path + "/") }) {
      rejections.append(Rejection(item: file, reason: "\(file) stands in the metadata, but there is no such file"))
    }
    if pictures.contains(where: { $0.order != nil }) {
      pictures = pictures.enumerated().sorted {
        ($0.element.order ?? .max, $0.offset) < ($1.element.order ?? .max, $1.offset)
      }.map(\.element)
    }
    // A class whose folder cannot be read today is a class of the dataset, which takes no new ones later; FER's are all there are.
    let usual = ClassNames.forFolders(pictures.compactMap(\.classWord))
    let words = pictures.compactMap(\.classWord) + self.unreadable.flatMap { classWords(of: $0.path, metadata) }
    classes = listedClasses() ?? (usual == ClassNames.fer ? usual : ClassNames.forFolders(words))
  }

  /// The classes of the pictures in a folder that cannot be read: those that the metadata names, or its own name.
  private func classWords(of folder: String, _ metadata: FolderMetadata) -> [String] {
    let described = metadata.entries.filter { $0.key.hasPrefix(folder + "/") && $0.value.hasLabel }
    guard described.isEmpty else { return described.values.compactMap(\.label).sorted() }
    let parts = folder.split(separator: "/")
    let (split, word) = Self.place(parts)
    // A folder within a class folder is no class, and neither is that of a split.
    return parts.count == (split == nil ? 1 : 2) ? [word].compactMap(\.self) : []
  }

  /// The split and the class that folders stand for, from the root downwards.
  private static func place(_ folders: [Substring]) -> (split: Split?, word: String?) {
    let split = folders.first.flatMap { SplitWords.split(for: String($0)) }
    return (split, (split == nil ? folders : Array(folders.dropFirst())).first.map(String.init))
  }

  private mutating func add(_ file: String, entry: FolderMetadata.Entry?, fallback: Split) {
    let (split, word) = Self.place(file.split(separator: "/").dropLast())
    let isDescribed = entry?.hasLabel ?? false
    guard isDescribed || word != nil else {
      rejections.append(Rejection(item: file, reason: "\(file) stands in no class folder"))
      return
    }
    let described = entry?.split.flatMap(SplitWords.split(for:))
    if let word = entry?.split, described == nil {
      rejections.append(
        Rejection(item: file, reason: "\(file) has the split '\(word)'; the splits are \(SplitWords.known)"))
      return
    }
    pictures.append(
      Picture(
        path: file, key: entry?.key ?? file, split: described ?? split ?? fallback,
        classWord: isDescribed ? entry?.label : word, group: entry?.group, order: entry?.order))
  }

  /// The order of the classes that `classes.txt` gives, when it names all that are used.
  private func listedClasses() -> [String]? {
    guard let data = FileManager.default.contents(atPath: root + "/classes.txt") else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(\.trimmedText)
    guard let names = try? ClassNames.parse(lines.filter { !$0.isEmpty }) else { return nil }
    let known = ClassNames(names)
    return pictures.allSatisfy { $0.classWord.map { known.name(for: $0) != nil } ?? true } ? names : nil
  }

  private func isPartOfLayout(_ file: String) -> Bool {
    let name = String(file.split(separator: "/").last ?? "")
    return FolderMetadata.fileNames.contains(name) || file == "classes.txt"
  }

  private func isPicture(_ file: String) -> Bool {
    let name = file.split(separator: "/").last ?? ""
    if let dot = name.lastIndex(of: "."),
      Self.extensions.contains(name[name.index(after: dot)...].lowercased())
    {
      return true
    }
    guard let handle = FileHandle(forReadingAtPath: root + "/" + file) else { return false }
    defer { try? handle.close() }
    let start = (try? handle.read(upToCount: 64)) ?? Data()
    return start.withUnsafeBytes { ImageCodecs.format(of: $0) } != nil
  }
}

extension Substring {
  fileprivate var trimmedText: String { String(self).trimmed }
}
