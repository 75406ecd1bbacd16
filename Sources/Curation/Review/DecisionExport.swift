/// What was decided so far as a csv that `fercure resolve --from` reads again.
///
/// A row a suggestion that a reviewer decided, with the opinion that stands; second opinions are left out. Behind the
/// columns of a decisions file come who said it, when, and what was suggested.
public struct DecisionExport: Sendable {
  /// The text of the file.
  public let csv: String

  /// Reads the decisions of a dataset.
  ///
  /// - Parameter reviewer: Only what this one said, second opinions too.
  public init(_ store: DatasetStore, reviewer: String? = nil) throws {
    let suggestions = Dictionary(uniqueKeysWithValues: try store.suggestions().map { ($0.id, $0) })
    let keys = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, $0.key) })
    var last: [Int64: Review] = [:]
    for review in try store.reviews(standing: true) where reviewer.map({ $0 == review.reviewer }) ?? review.isApplied {
      last[review.sample] = review
    }
    let header = ["key", "action", "label", "second", "reviewer", "time", "from", "to", "confidence", "origin"]
    let rows = last.sorted { $0.key < $1.key }.compactMap { sample, review -> [String]? in
      guard let suggestion = suggestions[review.opinion.suggestion], let key = keys[sample] else { return nil }
      return [
        key, review.opinion.action.rawValue, review.opinion.label ?? "", review.opinion.second ?? "", review.reviewer,
        review.time, suggestion.from, suggestion.to ?? "", "\(suggestion.confidence)", review.opinion.origin.rawValue,
      ]
    }
    csv = CSVText.table(header: header, rows: rows)
  }
}
