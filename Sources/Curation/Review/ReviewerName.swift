import Foundation

/// The name under which a person's decisions are kept.
public enum ReviewerName {
  /// A name as it is kept: trimmed, not empty, without control characters, no longer than a line.
  ///
  /// - Throws: `CurationError.badReviewer`.
  public static func checked(_ name: String) throws(CurationError) -> String {
    let trimmed = name.trimmingCharacters(in: .whitespacesAndNewlines)
    let isPlain = trimmed.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard !trimmed.isEmpty, trimmed.count <= 80, isPlain else { throw CurationError.badReviewer(name) }
    return trimmed
  }
}
