internal import Curation

/// What one of an audit's networks learns from.
enum TrainingPart: Equatable {
  /// The whole training split: what this network says of the samples it learned from is the main evidence.
  case whole
  /// All but one fold, whose samples it judges unseen.
  case without(fold: Int)

  /// The networks of an audit in the order of their training.
  static func all(folds: Int) -> [TrainingPart] { [.whole] + (0..<folds).map { .without(fold: $0) } }

  /// What its files are called by.
  var fileName: String {
    switch self {
    case .whole: "whole"
    case .without(let fold): "fold-\(fold)"
    }
  }

  /// What it is called in progress and reports.
  func title(folds: Int) -> String {
    switch self {
    case .whole: "all samples"
    case .without(let fold): "fold \(fold + 1) of \(folds)"
    }
  }

  /// Its place in `all`.
  var number: Int {
    switch self {
    case .whole: 0
    case .without(let fold): fold + 1
    }
  }

  /// True where it learns from a training sample that `fold` holds out.
  func learns(from fold: Int?) -> Bool { self != fold.map { .without(fold: $0) } }

  /// True for samples that it is asked about without having learned from them.
  func isAsked(about sample: Sample, heldOutBy fold: Int?) -> Bool {
    self == .whole ? sample.split != .train : self == fold.map { .without(fold: $0) }
  }

  /// True where its answer is the one that counts: no network learned from a copy of the sample, or its fold did not.
  func judges(_ fold: Int?) -> Bool { self == fold.map { .without(fold: $0) } ?? .whole }
}
