import Foundation
import GRDB

/// How the path of a linked file is written down: relative to the dataset's folder where it lies inside, so that the
/// two can be moved together; absolute otherwise.
enum LinkedPath {
  static func stored(_ path: String, datasetPath: String?) -> String {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    guard let datasetPath else { return absolute }
    let folder = self.folder(of: datasetPath)
    return absolute.hasPrefix(folder + "/") ? String(absolute.dropFirst(folder.count + 1)) : absolute
  }

  static func absolute(_ path: String, datasetPath: String?) -> String {
    guard !path.hasPrefix("/"), let datasetPath else { return path }
    return folder(of: datasetPath) + "/" + path
  }

  private static func folder(of datasetPath: String) -> String {
    URL(fileURLWithPath: datasetPath).standardizedFileURL.deletingLastPathComponent().path
  }
}

extension DatasetStore {
  /// The files that samples are linked to, excluded samples too.
  func linkedFiles() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT path FROM sample WHERE path IS NOT NULL ORDER BY id") }
      .map { LinkedPath.absolute($0, datasetPath: path) }
  }
}
