import Curation

extension ReviewBoard {
  /// What can change while the server runs, counted as it changes: no answer adds up all suggestions.
  struct State: Sendable {
    var mark: ReviewMark
    var audit: Int64?
    /// Which audit this is, among those of other datasets too: its number, when it began, and the picture it speaks of first.
    var auditMark: String?
    /// When each reviewer decided, the last hundred times.
    var recent: [String: [ContinuousClock.Instant]] = [:]

    /// By falling confidence.
    private(set) var entries: [Entry] = []
    private(set) var positions: [Int64: Int] = [:]
    /// What was said and stands, by suggestion.
    private(set) var reviews: [Int64: [Review]] = [:]

    private(set) var counts: [Suggestion.State: Int] = [:]
    /// The open suggestions by confidence.
    private(set) var open = PrecisionEstimate.Tally()
    /// The decisions that say how right suggestions are.
    private(set) var record = PrecisionEstimate.Record()
    /// How many faces each reviewer had a word on.
    private(set) var seen: [String: Int] = [:]
    /// Suggestions on which reviewers differ.
    private(set) var conflicts: Set<Int64> = []

    init(mark: ReviewMark, audit: Int64?) {
      self.mark = mark
      self.audit = audit
    }

    /// Takes the suggestions of an audit, by falling confidence.
    mutating func fill(_ entries: [Entry]) {
      self.entries = entries
      positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.id, $0) })
      for entry in entries {
        counts[entry.state, default: 0] += 1
        if entry.isOpen { open.add(entry.confidence) }
      }
    }

    /// Takes what was decided about a suggestion.
    mutating func set(_ state: Suggestion.State, decidedBy: String?, of id: Int64) {
      guard let position = positions[id] else { return }
      let before = entries[position]
      counts[before.state, default: 0] -= 1
      counts[state, default: 0] += 1
      entries[position].state = state
      entries[position].decidedBy = decidedBy
      if before.isOpen && !entries[position].isOpen { open.remove(before.confidence) }
      if !before.isOpen && entries[position].isOpen { open.add(before.confidence) }
    }

    /// Takes what was said about a suggestion and stands.
    mutating func set(_ said: [Review], of id: Int64) {
      guard let position = positions[id] else { return }
      let entry = entries[position]
      let before = reviews[id] ?? []
      for name in Set(before.map(\.reviewer)) { seen[name, default: 0] -= 1 }
      for name in Set(said.map(\.reviewer)) { seen[name, default: 0] += 1 }
      if let judged = Self.judged(entry, before) { record.remove(judged) }
      if let judged = Self.judged(entry, said) { record.add(judged) }
      reviews[id] = said.isEmpty ? nil : said
      if said.count > 1, ReviewBoard.shared(entry, said).isConflict {
        conflicts.insert(id)
      } else {
        conflicts.remove(id)
      }
    }

    /// What the decisions so far say about how right the suggestions are.
    var estimate: PrecisionEstimate { PrecisionEstimate(record) }

    /// What a suggestion's decision says about suggestions of its confidence.
    ///
    /// Every suggestion counts once, with the opinion that decided it. Skipped ones say nothing; what is ambiguous was
    /// not right to accept.
    private static func judged(_ entry: Entry, _ reviews: [Review]) -> PrecisionEstimate.Judged? {
      reviews.last { $0.isApplied && $0.opinion.action != .skip }.map { review in
        PrecisionEstimate.Judged(
          confidence: entry.confidence, isRight: review.opinion.action == .accept,
          isRandom: review.opinion.origin == .random)
      }
    }
  }
}
