extension Resolver {
  /// What decisions are held against: the samples, the classes and the open suggestions.
  struct Context {
    let samples: [Int64: Sample]
    let classes: [String]
    /// By sample: of several audits' open suggestions the last.
    let openSuggestions: [Int64: Suggestion]
    /// By sample: the last suggestion that a reviewer decided.
    let reviewedSuggestions: [Int64: Suggestion]
    /// By sample: the last suggestion, decided or not.
    private let lastSuggestions: [Int64: Suggestion]
    private let idsByKey: [String: Int64]

    init(_ store: DatasetStore) throws {
      let all = try store.allSamples()
      samples = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
      // A key that reads like another one names no sample: a decision would reach one of them by chance.
      idsByKey = Dictionary(all.map { ($0.key, Optional($0.id)) }, uniquingKeysWith: { _, _ in nil })
        .compactMapValues { $0 }
      classes = try store.classes()
      let suggestions = try store.suggestions()
      func last(_ some: [Suggestion]) -> [Int64: Suggestion] {
        Dictionary(some.map { ($0.sample, $0) }, uniquingKeysWith: { $0.run > $1.run ? $0 : $1 })
      }
      openSuggestions = last(suggestions.filter { $0.state == .open })
      reviewedSuggestions = last(suggestions.filter { $0.decidedBy?.hasPrefix("reviewer ") ?? false })
      lastSuggestions = last(suggestions)
    }

    /// Why a decision is about something else than the dataset holds; nil where its file does not say what it is about.
    ///
    /// By labels and not by the dataset's name, which copies and renamed files do not keep: a key alone says little, as
    /// the rows of every csv have the same ones.
    func mismatch(_ decision: SampleDecision) -> Flaw? {
      guard let id = idsByKey[decision.key] else { return nil }
      let suggestion = openSuggestions[id] ?? reviewedSuggestions[id] ?? lastSuggestions[id]
      let to = suggestion.map { $0.to ?? Review.notAFace }
      if decision.action == .accept, let label = decision.label, let to, label != to {
        return Flaw(
          reason: "accepts \(label) for \(decision.key), but suggested is \(to): write relabel to give another label")
      }
      guard let from = decision.from else { return nil }
      let what = decision.to.map { "\(from) → \($0)" } ?? from
      let said = "decides about \(what) for \(decision.key)"
      if let suggestion, let to {
        if suggestion.from == from, decision.to == nil || decision.to == to { return nil }
        return Flaw(
          reason: "\(said), but suggested is \(suggestion.from) → \(to): it is of another audit or another dataset")
      }
      // Nothing is suggested: the sample still has the label that was seen, or has got the new one meanwhile.
      let label = samples[id]?.label
      if label == from || (decision.label != nil && label == decision.label) { return nil }
      return Flaw(reason: "\(said), but its label is \(label ?? "none"): it was changed since, or is another picture")
    }

    /// What a decision says about a suggestion that another reviewer decided: a second opinion, which changes nothing.
    func secondOpinion(_ decision: SampleDecision, reviewer: String) -> Opinion? {
      guard let id = idsByKey[decision.key], openSuggestions[id] == nil, let suggestion = reviewedSuggestions[id],
        suggestion.decidedBy != "reviewer \(reviewer)",
        decision.action == .accept || [decision.label, decision.second].compactMap({ $0 }).allSatisfy(classes.contains)
      else { return nil }
      return decision.opinion(about: suggestion)
    }

    /// The open suggestion that a decision is about, with what it says.
    func opinion(_ decision: SampleDecision) -> Opinion? {
      idsByKey[decision.key].flatMap { openSuggestions[$0] }.map { decision.opinion(about: $0) }
    }

    /// What one decision does: to the suggestion, and beyond it.
    struct Step {
      var decision: Decision?
      var change: LabelChange?
    }

    /// Why a decision cannot be applied, as the end of a sentence that begins with its row.
    struct Flaw: Error {
      var reason: String
    }

    func translate(_ decision: SampleDecision, reviewer: String) -> Result<Step, Flaw> {
      guard let id = idsByKey[decision.key] else {
        return .failure(Flaw(reason: "names \(decision.key), which is not in the dataset"))
      }
      let suggestion = openSuggestions[id]
      let reason = "decided by \(reviewer)"
      switch (decision.action, suggestion) {
      case (.accept, nil), (.reject, nil), (.skip, nil), (.ambiguous, nil):
        return .failure(
          Flaw(reason: "wants to \(decision.action.rawValue) \(decision.key), which has no open suggestion"))
      case (.accept, .some(let suggestion)):
        let sample = samples[id]
        if sample?.label != suggestion.from || sample?.excluded == true {
          return .failure(
            Flaw(reason: "wants to accept a suggestion for \(decision.key), which has changed since the audit"))
        }
        return .success(Step(decision: Decision(suggestion: suggestion.id, state: .accepted, reason: reason)))
      case (.reject, .some(let suggestion)):
        return .success(Step(decision: Decision(suggestion: suggestion.id, state: .rejected, reason: reason)))
      case (.skip, .some(let suggestion)):
        return .success(Step(decision: Decision(suggestion: suggestion.id, state: .skipped, reason: reason)))
      case (.ambiguous, .some(let suggestion)):
        if let unknown = [decision.label, decision.second].compactMap({ $0 }).first(where: { !classes.contains($0) }) {
          return .failure(unknownLabel(unknown, for: decision.key))
        }
        return .success(Step(decision: Decision(suggestion: suggestion.id, state: .rejected, reason: reason)))
      case (.relabel, let suggestion):
        return relabel(decision, id: id, suggestion: suggestion, reason: reason)
      case (.exclude, let suggestion):
        return .success(exclude(id, suggestion: suggestion, reason: reason))
      }
    }

    private func relabel(
      _ decision: SampleDecision, id: Int64, suggestion: Suggestion?, reason: String
    ) -> Result<Step, Flaw> {
      guard let label = decision.label, classes.contains(label) else {
        return .failure(unknownLabel(decision.label ?? "", for: decision.key))
      }
      guard let suggestion else {
        return .success(Step(change: LabelChange(sample: id, field: .label, to: label, reason: reason)))
      }
      return .success(
        Step(decision: Decision(suggestion: suggestion.id, state: .relabelled, label: label, reason: reason)))
    }

    private func unknownLabel(_ label: String, for key: String) -> Flaw {
      Flaw(reason: "gives \(key) the label '\(label)'; the classes are \(classes.joined(separator: ", "))")
    }

    private func exclude(_ id: Int64, suggestion: Suggestion?, reason: String) -> Step {
      let change = LabelChange(sample: id, field: .excluded, to: "true", reason: reason)
      guard let suggestion else { return Step(change: change) }
      // "Not a face" proposes exactly this; any other proposal was a label, which was not taken.
      let state: Suggestion.State = suggestion.to == nil ? .accepted : .rejected
      let decision = Decision(suggestion: suggestion.id, state: state, reason: reason)
      return Step(decision: decision, change: state == .accepted ? nil : change)
    }

    func plan(
      actor: String, decisions: [Decision], changes: [LabelChange] = [], rejections: [Rejection] = []
    ) -> ResolvePlan {
      let suggestions = Dictionary(uniqueKeysWithValues: openSuggestions.values.map { ($0.id, $0) })
      return ResolvePlan(
        actor: actor, decisions: decisions, suggestions: suggestions, changes: changes, samples: samples,
        rejections: rejections)
    }
  }
}
