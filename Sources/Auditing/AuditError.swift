public import Foundation

/// What can go wrong in an audit.
public enum AuditError: Error, Equatable {
  /// There is no auditor of this name.
  case unknownAuditor(String, known: [String])
  /// An auditor needs what was not recorded.
  case missingEvidence(auditor: String, what: String)
  /// An array file cannot be read.
  case notAnArray(String, reason: String)
  /// An array has another shape than the dataset.
  case wrongShape(String, found: [Int], wanted: [Int])
  /// Keys of foreign evidence are not in the dataset.
  case unknownKey(String, row: Int)
  /// A row of foreign probabilities belongs to a sample that an earlier row belongs to.
  case repeatedKey(String, row: Int)
  /// A row of probabilities is none.
  case notProbabilities(String, row: Int, sum: Double)
  /// The work folder holds evidence that was kept, and that this audit would replace.
  case keptEvidence(String)
  /// A budget is too small for any audit.
  case budgetTooSmall(minutes: Double, needed: Double)
}

extension AuditError: LocalizedError, CustomStringConvertible {
  /// The error as a sentence for a person.
  public var description: String {
    switch self {
    case .unknownAuditor(let name, let known):
      "there is no auditor '\(name)'; choose from \(known.joined(separator: ", "))"
    case .missingEvidence(let auditor, let what):
      "\(auditor) needs \(what), which this evidence does not have; let 'fercure audit' train its own networks"
    case .notAnArray(let path, let reason): "\(path) is no array that can be read: \(reason)"
    case .wrongShape(let path, let found, let wanted):
      "\(path) has the shape \(found.map(String.init).joined(separator: " x ")), expected "
        + wanted.map(String.init).joined(separator: " x ")
    case .unknownKey(let key, let row):
      "row \(row) of the keys names \(key), which is no labelled sample of the dataset"
    case .repeatedKey(let key, let row):
      "row \(row) of the keys names \(key), which an earlier row names already"
    case .notProbabilities(let path, let row, let sum):
      "row \(row) of \(path) adds up to \(sum); probabilities add up to 1"
    case .keptEvidence(let path):
      "\(path) holds the kept evidence of another audit, which this one would replace; move it away or remove it"
    case .budgetTooSmall(let minutes, let needed):
      "\(minutes) minutes are too few: the smallest audit of this dataset takes about "
        + String(format: "%.1f", needed)
    }
  }

  /// The same sentence, where Foundation asks for it.
  public var errorDescription: String? { description }
}
