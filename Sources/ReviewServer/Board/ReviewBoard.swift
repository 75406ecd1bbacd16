import Curation
import Synchronization

/// The last audit's suggestions and what was said about them, kept in memory and equal to the file.
///
/// The file is the truth: every answer first looks whether another process changed it, and reads again what changed.
/// A decision is in the file before it is here.
final class ReviewBoard: Sendable {
  let store: DatasetStore
  let classes: [String]
  /// The share of decided faces that a second reviewer is shown.
  let secondPass: Double
  private let state: Mutex<State>
  private let run = Mutex<Run?>(nil)

  init(_ store: DatasetStore, secondPass: Double = 0.1) throws {
    self.store = store
    self.secondPass = secondPass
    classes = try store.classes()
    state = Mutex(try Self.load(store))
  }

  private static func load(_ store: DatasetStore) throws -> State {
    // The mark comes first: what is written while the rest is read is read again.
    var state = State(mark: try store.reviewMark(), audit: try store.lastSuggestingAudit())
    guard let audit = state.audit else { return state }
    let suggestions = try store.suggestions(run: audit)
    let samples = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, $0) })
    let first = suggestions.first.flatMap { samples[$0.sample] }?.pictureTag ?? ""
    state.auditMark = try store.runs().first { $0.id == audit }.map { "\($0.id) \($0.started) \(first)" }
    state.fill(
      suggestions.compactMap { suggestion in samples[suggestion.sample].map { Entry(suggestion, sample: $0) } })
    for (id, reviews) in Dictionary(grouping: try store.reviews(standing: true), by: { $0.opinion.suggestion }) {
      state.set(reviews, of: id)
    }
    return state
  }

  /// Looks at the present state.
  func withState<Result: Sendable>(_ body: (State) throws -> Result) throws -> Result {
    try state.withLock { state in
      try refresh(&state)
      return try body(state)
    }
  }

  private func refresh(_ state: inout State) throws {
    let mark = try store.reviewMark()
    guard mark != state.mark else { return }
    if mark.run != state.mark.run, try store.lastSuggestingAudit() != state.audit {
      let recent = state.recent
      state = try Self.load(store)
      state.recent = recent
      return
    }
    let touched = try store.suggestionsTouched(since: state.mark)
    for suggestion in try store.suggestions(ids: touched) {
      state.set(suggestion.state, decidedBy: suggestion.decidedBy, of: suggestion.id)
      state.set(try store.reviews(of: suggestion.id, standing: true), of: suggestion.id)
    }
    state.mark = mark
  }

  /// Refuses what a page says that shows another audit, perhaps of another dataset that was reviewed at this address before:
  /// its numbers mean other faces here.
  func checkAudit(_ mark: String?) throws {
    guard let mark, try withState({ $0.auditMark }) != mark else { return }
    throw RequestError.conflict(
      "this page shows another audit or dataset than the one that is reviewed here now; nothing was written: load it again"
    )
  }

  /// The suggestion with this id.
  func entry(_ id: Int64) throws -> Entry {
    try withState { state in
      guard let position = state.positions[id] else {
        throw RequestError.notFound("there is no suggestion \(id) in the last audit")
      }
      return state.entries[position]
    }
  }

  /// The run that this server's decisions belong to; begun with the first one.
  func currentRun() throws -> Run {
    try run.withLock { run in
      if let run { return run }
      let begun = try store.beginRun(kind: "review", recipe: ["secondPass": secondPass])
      run = begun
      return begun
    }
  }

  /// Writes down that the server ended; a killed one leaves its run unfinished and loses nothing else.
  func finish() throws {
    try run.withLock { run in
      guard let begun = run else { return }
      let count = try store.reviews(standing: true).count { $0.run == begun.id }
      try store.finish(begun, outcome: "\(count) decisions")
      run = nil
    }
  }

  // MARK: Deciding

  /// Writes opinions into the file; when this returns they are on disk.
  func decide(_ opinions: [Opinion], reviewer: String) throws -> [Review] {
    guard !opinions.isEmpty else { throw RequestError.badRequest("there is nothing to decide") }
    let reviews = try store.review(opinions, reviewer: reviewer, run: currentRun().id)
    let now = ContinuousClock.now
    state.withLock { state in
      state.recent[reviewer] = (state.recent[reviewer] ?? []).suffix(99) + [now]
    }
    return reviews
  }

  /// Takes the reviewer's last batch back.
  func undo(reviewer: String) throws -> [Review] {
    do {
      return try store.undoReview(reviewer: reviewer, run: currentRun().id)
    } catch CurationError.decidedSince(_, let sample, let by) {
      throw RequestError.conflict("\(sample) was changed again by \(by), so this cannot be taken back here")
    }
  }
}
