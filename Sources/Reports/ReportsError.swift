public import Foundation

/// What can go wrong while a report is made.
public enum ReportsError: Error, Hashable {
  /// A face could not be written as PNG: its key and the reason.
  case unencodableFace(key: String, reason: String)
  /// A template of the program itself does not parse: its name and the reason.
  case invalidTemplate(name: String, reason: String)
}

extension ReportsError: CustomStringConvertible, LocalizedError {
  /// The error in words.
  public var description: String {
    switch self {
    case .unencodableFace(let key, let reason):
      "the picture of sample \(key) cannot be put into the report: \(reason)"
    case .invalidTemplate(let name, let reason):
      "the report template \(name) cannot be used: \(reason)"
    }
  }

  /// The error in words.
  public var errorDescription: String? { description }
}
