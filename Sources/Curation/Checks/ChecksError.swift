public import Foundation

/// Why checks cannot be run.
public enum ChecksError: Error, Equatable, Sendable {
  /// There is no check of that name.
  case unknownCheck(String, known: [String])
  /// There is no rule of that name.
  case unknownRule(String, known: [String])
  /// A study of faces needs more pictures that are not blank.
  case tooFewFaces(Int, needed: Int)
}

extension ChecksError: CustomStringConvertible, LocalizedError {
  /// What is wrong, and what there is instead.
  public var description: String {
    switch self {
    case .unknownCheck(let name, let known):
      "there is no check '\(name)'; known are \(known.joined(separator: ", "))"
    case .unknownRule(let name, let known):
      "there is no rule '\(name)'; known are \(known.joined(separator: ", "))"
    case .tooFewFaces(let count, let needed):
      "\(count) pictures that are not blank are too few; \(needed) are needed"
    }
  }

  /// The same words, where Foundation asks for them.
  public var errorDescription: String? { description }
}
