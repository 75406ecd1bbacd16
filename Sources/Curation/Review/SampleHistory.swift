/// All that happened to one sample, in order: who, what, when and why.
public struct SampleHistory: Sendable {
  /// One thing that happened.
  public struct Line: Sendable, Codable, Hashable {
    /// When, in ISO 8601.
    public var time: String
    /// Who: `ingest`, `reviewer NAME`, `rule NAME`, `undo`, `audit`.
    public var actor: String
    /// What: `label fear → sad`, `excluded`, `suggests sad, 93 %`.
    public var what: String
    /// Why, for a person.
    public var reason: String
    /// The run it belongs to.
    public var run: Int64?
  }

  /// The lines, the oldest first.
  public let lines: [Line]

  /// Reads the history of a sample.
  public init(_ store: DatasetStore, sample: Sample) throws {
    let runs = Dictionary(uniqueKeysWithValues: try store.runs().map { ($0.id, $0) })
    var lines = try store.events(of: sample).map { event in
      Line(time: event.time, actor: event.actor, what: Self.words(event), reason: event.reason, run: event.run)
    }
    let suggestions = try store.suggestions(sample: sample.id)
    for suggestion in suggestions {
      let percent = Int((suggestion.confidence * 100).rounded())
      lines.append(
        Line(
          time: runs[suggestion.run]?.finished ?? runs[suggestion.run]?.started ?? "", actor: "audit",
          what: "suggests \(suggestion.to ?? Review.notAFace) in place of \(suggestion.from), \(percent) %",
          reason: suggestion.verdict.rawValue, run: suggestion.run))
      for review in try store.reviews(of: suggestion.id) {
        lines.append(
          Line(
            time: review.time, actor: "reviewer \(review.reviewer)", what: Self.words(review),
            reason: review.undone.map { "taken back \($0)" } ?? review.opinion.origin.rawValue, run: review.run))
      }
    }
    // Times are kept to the second: what happened in the same one stays in the order in which it was found.
    self.lines = lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element)
  }

  private static func words(_ event: LabelEvent) -> String {
    switch event.field {
    case .label, .split: "\(event.field.rawValue) \(event.from ?? "none") → \(event.to ?? "none")"
    case .excluded: event.to == "true" ? "excluded" : "taken in again"
    }
  }

  private static func words(_ review: Review) -> String {
    let labels = [review.opinion.label, review.opinion.second].compactMap { $0 }.joined(separator: " or ")
    let word = review.opinion.action.rawValue + (labels.isEmpty ? "" : " \(labels)")
    return review.isApplied ? word : "\(word), as a second opinion"
  }
}
