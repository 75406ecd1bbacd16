public import Foundation

/// Why the synthetic dataset cannot be made.
public enum SyntheticFacesError: Error, Equatable, Sendable {
  /// Fewer pictures than seven classes in three splits need.
  case tooFew(Int, minimum: Int)
  /// A share of wrong labels that leaves nothing to learn from, or is no share.
  case noise(Double)
  /// A share of known votes that is no share.
  case votesKnown(Double)
  /// Flawed pictures would fill more than a quarter of the dataset.
  case tooManyFlaws(Int, of: Int)
  /// Something is already where the dataset should be written.
  case exists(path: String)
  /// The file system refused.
  case cannotWrite(path: String, reason: String)
}

extension SyntheticFacesError: CustomStringConvertible, LocalizedError {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .tooFew(let count, let minimum):
      "\(count) pictures are too few for seven classes in three splits: ask for at least \(minimum)"
    case .noise(let share):
      "\(share) is no share of wrong labels: give a number from 0 to 0.9"
    case .votesKnown(let share):
      "\(share) is no share of known votes: give a number from 0 to 1"
    case .tooManyFlaws(let flaws, let count):
      "\(flaws) copies, blanks and non-faces in \(count) pictures: they may be a quarter at most, and none may be negative"
    case .exists(let path):
      "\(path) exists already: choose another folder, or delete it first"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason)"
    }
  }

  /// The same words, where Foundation asks for them.
  public var errorDescription: String? { description }
}
