public import Foundation

/// Why sets of samples cannot be made, joined or parted as asked.
public enum SetsError: Error, Equatable, Sendable {
  /// The condition is no expression over the columns of a sample.
  case badCondition(String, problem: String)
  /// A label of a dataset that is merged has no place in the other one.
  case unmappedLabel(String, samples: Int, known: [String])
  /// A label is mapped that no dataset which is added has.
  case unknownLabel(String, known: [String])
  /// The text is no mapping of labels.
  case badMapping(String)
  /// The shares of the splits are impossible.
  case badShares(String)
  /// Too few groups for so many folds.
  case tooFewGroups(Int, folds: Int)
  /// The pattern is no regular expression, or matches nothing.
  case badPattern(String, problem: String)
  /// Nothing is known of votes.
  case noVotes
}

extension SetsError: CustomStringConvertible, LocalizedError {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .badCondition(let text, let problem):
      "'\(text)' is no condition: \(problem); the columns are \(SampleFilter.columns.joined(separator: ", "))"
    case .unmappedLabel(let label, let samples, let known):
      "\(samples) samples are labelled \(label), which the first dataset does not have; map it to one of "
        + "\(known.joined(separator: ", ")), to itself to add the class, or to - to leave its samples out: --map \(label)=-"
    case .unknownLabel(let label, let known):
      "--map names the label '\(label)', which no added dataset has; they have \(known.joined(separator: ", "))"
    case .badMapping(let text):
      "'\(text)' is no mapping of labels: it is FROM=TO,FROM=TO, with - for TO to leave samples out"
    case .badShares(let text):
      "the shares of the splits cannot be \(text): each is 0 or more, and together they are below 1"
    case .tooFewGroups(let groups, let folds):
      "\(groups) groups cannot be dealt to \(folds) folds"
    case .badPattern(let pattern, let problem):
      "the pattern '\(pattern)' cannot be used: \(problem)"
    case .noVotes:
      "the dataset knows of no votes; ingest them first (fercure ingest --votes FILE)"
    }
  }

  /// The same words, where Foundation asks for them.
  public var errorDescription: String? { description }
}
