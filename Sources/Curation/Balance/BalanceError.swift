public import Foundation

/// Why a dataset cannot be rebalanced or augmented as asked.
public enum BalanceError: Error, Equatable, Sendable {
  /// The text names no sampling strategy.
  case badStrategy(String, problem: String)
  /// The strategy names a class that the dataset does not have.
  case unknownClass(String, known: [String])
  /// The strategy makes no sense for the method.
  case wrongMethod(strategy: String, method: Rebalancer.Method)
  /// Oversampling cannot take samples away, undersampling cannot add any.
  case unreachable(label: String, count: Int, target: Int, method: Rebalancer.Method)
  /// There is nothing to copy.
  case emptyClass(String)
  /// No training sample has a label.
  case nothingToBalance
  /// The augmentation does not vary enough to make so many different copies of one picture.
  case tooFewVariants(key: String, wanted: Int, found: Int)
  /// No label of the class is supported by votes or by the audit.
  case unsupportedClass(String)
  /// A number of copies below one.
  case badCopies(Int)
}

extension BalanceError: CustomStringConvertible, LocalizedError {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .badStrategy(let text, let problem):
      "'\(text)' is no sampling strategy: \(problem); give \(SamplingStrategy.grammar)"
    case .unknownClass(let name, let known):
      "there is no class '\(name)'; known are \(known.joined(separator: ", "))"
    case .wrongMethod(let strategy, let method):
      "the strategy '\(strategy)' changes nothing when used to \(method.rawValue)"
    case .unreachable(let label, let count, let target, .oversample):
      "class \(label) has \(count) samples: oversampling cannot bring it down to \(target); undersample instead"
    case .unreachable(let label, let count, let target, .both):
      "class \(label) has \(count) samples and cannot be brought to \(target)"
    case .unreachable(let label, let count, let target, .undersample):
      "class \(label) has \(count) samples: undersampling cannot bring it up to \(target); oversample instead"
    case .emptyClass(let label):
      "class \(label) has no training samples: there is nothing to copy"
    case .nothingToBalance:
      "no training sample has a label: there is nothing to balance"
    case .tooFewVariants(let key, let wanted, let found):
      "the augmentation makes only \(found) different copies of \(key), and at least \(wanted) are needed: vary more"
    case .unsupportedClass(let label):
      "no label of class \(label) is supported by votes or by the audit: copies would only multiply wrong labels"
    case .badCopies(let copies):
      "\(copies) copies of every sample are none: ask for 1 or more"
    }
  }

  /// The same words, where Foundation asks for them.
  public var errorDescription: String? { description }
}
