public import Foundation

/// The mark on a work folder whose evidence somebody asked to keep: no other audit may replace it.
public enum KeptEvidence {
  /// Whether the folder is marked.
  public static func isIn(_ work: URL) -> Bool {
    FileManager.default.fileExists(atPath: mark(work).path(percentEncoded: false))
  }

  /// Marks the folder.
  ///
  /// - Parameter reason: a line for whoever looks into it.
  public static func keep(_ work: URL, reason: String) throws {
    try Data((reason + "\n").utf8).write(to: mark(work), options: .atomic)
  }

  private static func mark(_ work: URL) -> URL { work.appending(path: "kept.txt") }
}
