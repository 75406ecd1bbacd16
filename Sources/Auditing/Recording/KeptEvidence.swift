public import Foundation

/// The mark on a work folder whose evidence somebody asked to keep: no other audit may replace it.
public enum KeptEvidence {
  private static let complete = "complete"

  /// Whether the folder is marked.
  public static func isIn(_ work: URL) -> Bool {
    FileManager.default.fileExists(atPath: mark(work).path(percentEncoded: false))
  }

  /// Whether all networks of the audit that it is kept for are there.
  static func isComplete(in work: URL) -> Bool {
    (try? String(contentsOf: mark(work), encoding: .utf8))?.hasPrefix(complete) == true
  }

  /// Marks the folder, which is made if need be: once as the audit begins, and once as it is done.
  public static func keep(_ work: URL, isComplete: Bool) throws {
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    let text = isComplete ? complete : "in the making"
    try Data("\(text): kept on demand\n".utf8).write(to: mark(work), options: .atomic)
  }

  private static func mark(_ work: URL) -> URL { work.appending(path: "kept.txt") }
}
