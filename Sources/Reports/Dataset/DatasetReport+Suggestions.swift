import Curation

extension DatasetReport {
  /// What the last audit proposes, and what became of it; nil when there was no audit.
  func suggestions() throws -> ReportContent.Suggestions? {
    let stored = try store.suggestions()
    let scores = try store.scores()
    guard let audit = stored.map(\.run).max() else {
      return scores.isEmpty ? nil : ReportContent.Suggestions(audited: scores.count, tallies: [])
    }
    let all = stored.filter { $0.run == audit }
    let reviews = try store.reviews(standing: true)
    let faces = SharedFace.all(reviews, suggestions: Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0) }))
    let open = all.filter { $0.state == .open || $0.state == .skipped }
    return ReportContent.Suggestions(
      audited: scores.count, tallies: tallies(all), noise: noise(all), confidences: .init(of: all.map(\.confidence)),
      top: try top(all), quality: try quality(all), openNoise: open.count == all.count ? nil : noise(open),
      decided: decided(all), reviewers: reviewers(reviews),
      kappa: Agreement.fleiss(faces.map { Array($0.verdicts.values) }))
  }

  /// Everybody's last word about each face, counted.
  private func reviewers(_ reviews: [Review]) -> [ReportContent.Suggestions.Reviewer] {
    Dictionary(grouping: reviews) { $0.reviewer }.sorted { $0.key < $1.key }.map { name, own in
      let last = Dictionary(own.map { ($0.opinion.suggestion, $0.opinion.action) }, uniquingKeysWith: { $1 })
      return .init(name: name, faces: last.count, accepted: last.values.count { $0 == .accept })
    }
  }

  private func tallies(_ suggestions: [Suggestion]) -> [ReportContent.Suggestions.Tally] {
    let counts = Dictionary(grouping: suggestions) { "\($0.verdict.rawValue) \($0.state.rawValue)" }
    return counts.sorted { $0.key < $1.key }.compactMap { _, members in
      members.first.map { .init(verdict: $0.verdict, state: $0.state, count: members.count) }
    }
  }

  private func noise(_ suggestions: [Suggestion]) -> ReportContent.LabelMatrix {
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var counts = classes.map { _ in classes.map { _ in 0 } }
    for suggestion in suggestions {
      guard let from = numbers[suggestion.from], let to = suggestion.to.flatMap({ numbers[$0] }) else { continue }
      counts[from][to] += 1
    }
    return ReportContent.LabelMatrix(rows: classes, columns: classes, counts: counts)
  }

  private func top(_ suggestions: [Suggestion]) throws -> [ReportContent.Suggestions.Top] {
    try suggestions.filter { samples[$0.sample]?.split == .train }.prefix(48).compactMap { suggestion in
      try samples[suggestion.sample].map { sample in
        ReportContent.Suggestions.Top(
          face: try face(sample), given: suggestion.from, suggested: suggestion.to, verdict: suggestion.verdict,
          confidence: suggestion.confidence, importance: suggestion.signals.importance,
          probabilities: suggestion.signals.probabilities, state: suggestion.state, decidedBy: suggestion.decidedBy,
          evidence: truth.flatMap { truth in truth.classes[sample.id].map { "\(truth.reference): \($0)" } })
      }
    }
  }

  private func quality(_ suggestions: [Suggestion]) throws -> ReportContent.Quality? {
    guard let truth else { return nil }
    let known = suggestions.filter { truth.classes[$0.sample] != nil }
    let labels = Dictionary(uniqueKeysWithValues: try store.scores().map { ($0.sample, $0.label) })
    return ReportContent.Quality(
      reference: truth.reference, bins: bins(known) { $0.to == truth.classes[$0.sample] },
      knownErrors: truth.classes.count { labels[$0.key] != nil && labels[$0.key] != $0.value },
      foundErrors: known.count { $0.from != truth.classes[$0.sample] })
  }

  /// How often people agreed with the suggestions that they decided; nil when nobody did.
  private func decided(_ suggestions: [Suggestion]) -> ReportContent.Quality? {
    let judged = suggestions.filter {
      let isDecision = $0.state == .accepted || $0.state == .rejected || $0.state == .relabelled
      return isDecision && $0.decidedBy?.hasPrefix("reviewer ") == true
    }
    guard !judged.isEmpty else { return nil }
    return ReportContent.Quality(
      reference: "the decisions of reviewers so far", bins: bins(judged) { $0.state == .accepted })
  }

  private func bins(_ suggestions: [Suggestion], isRight: (Suggestion) -> Bool) -> [ReportContent.Quality.Bin] {
    (0..<10).compactMap { tenth in
      let (lower, upper) = (Double(tenth) / 10, Double(tenth + 1) / 10)
      let members = suggestions.filter { $0.confidence >= lower && ($0.confidence < upper || tenth == 9) }
      guard !members.isEmpty else { return nil }
      return ReportContent.Quality.Bin(
        lower: lower, upper: upper, suggestions: members.count, correct: members.count(where: isRight))
    }
  }
}
