import Curation
import Randomness

extension ReviewBoard {
  /// The suggestions that a query asks for, in its order.
  struct Queue {
    var entries: [Entry]
    /// The places in the queue of faces that were drawn by chance.
    var random: Set<Int> = []
  }

  /// Answers a query for a reviewer.
  func queue(_ query: QueueQuery, reviewer: String, like: Set<Int64>? = nil) throws -> Queue {
    let (entries, estimate) = try withState { state in
      let inside = query.box.map { FaceMap(state.entries, classes: classes).samples(in: $0) }
      let entries = state.entries.filter { entry in
        isWanted(entry, query, reviewer: reviewer, reviews: state.reviews[entry.id] ?? [])
          && (like?.contains(entry.sample) ?? true) && (inside?.contains(entry.sample) ?? true)
      }
      return (entries, state.estimate)
    }
    return Self.ordered(entries, query, estimate: estimate)
  }

  private func isWanted(_ entry: Entry, _ query: QueueQuery, reviewer: String, reviews: [Review]) -> Bool {
    if let from = query.from, entry.from != from { return false }
    if let to = query.to, entry.target != to { return false }
    if let verdict = query.verdict, entry.verdict != verdict { return false }
    if let split = query.split, entry.split != split { return false }
    guard query.confidence.contains(entry.confidence) else { return false }
    switch query.scope {
    case .all: return true
    case .open: return entry.state == .open
    case .skipped: return entry.state == .skipped
    case .decided: return !entry.isOpen
    case .mine: return reviews.contains { $0.reviewer == reviewer }
    case .conflict: return Self.shared(entry, reviews).isConflict
    case .second:
      let isForeign = !entry.isOpen && reviews.contains { $0.reviewer != reviewer }
      return isForeign && !reviews.contains { $0.reviewer == reviewer } && isChosenForSecondPass(entry)
    }
  }

  /// Whether a face belongs to the share that is shown to two people: the same ones for everybody.
  private func isChosenForSecondPass(_ entry: Entry) -> Bool {
    var generator = SeededGenerator(seed: 0, "second-pass", entry.key)
    return Double.random(in: 0..<1, using: &generator) < secondPass
  }

  /// What reviewers said about one suggestion.
  static func shared(_ entry: Entry, _ reviews: [Review]) -> SharedFace {
    SharedFace.all(reviews, suggestions: [entry.id: entry.suggestion]).first
      ?? SharedFace(suggestion: entry.id, verdicts: [:], isSettled: false)
  }

  // MARK: Order

  private static func ordered(_ entries: [Entry], _ query: QueueQuery, estimate: PrecisionEstimate) -> Queue {
    var generator = SeededGenerator(seed: query.seed, "queue", query.order.rawValue)
    // The file gives them by falling confidence.
    switch query.order {
    case .confidence: return Queue(entries: entries)
    case .key: return Queue(entries: entries.sorted { $0.sample < $1.sample })
    case .disagreement:
      return Queue(entries: entries.sorted { ($0.margin ?? 0, $1.sample) > ($1.margin ?? 0, $0.sample) })
    case .random:
      return Queue(entries: entries.shuffled(using: &generator), random: Set(entries.indices))
    case .budget: return mixed(entries, using: &generator)
    case .teaches: return teaching(entries, estimate: estimate, using: &generator)
    }
  }

  /// Four from the top, then one drawn by chance from the rest, and so on.
  private static func mixed(_ entries: [Entry], using generator: inout SeededGenerator) -> Queue {
    var rest = entries
    rest.reverse()
    var queue = Queue(entries: [])
    queue.entries.reserveCapacity(entries.count)
    while !rest.isEmpty {
      if queue.entries.count % 5 == 4 {
        queue.random.insert(queue.entries.count)
        queue.entries.append(rest.remove(at: Int.random(in: rest.indices, using: &generator)))
      } else {
        queue.entries.append(rest.removeLast())
      }
    }
    return queue
  }

  /// Always from the tenth of confidence whose next decision narrows the expectation for the whole queue most.
  private static func teaching(
    _ entries: [Entry], estimate: PrecisionEstimate, using generator: inout SeededGenerator
  ) -> Queue {
    var bins: [[Entry]] = Array(repeating: [], count: 10)
    for entry in entries { bins[PrecisionEstimate.bin(of: entry.confidence)].append(entry) }
    var judged = estimate.bins.map { Double($0.judged) + PrecisionEstimate.priorWeight + 1 }
    let spreads = bins.map { bin -> Double in
      guard !bin.isEmpty else { return 0 }
      let p = bin.reduce(0) { $0 + estimate.probability($1.confidence) } / Double(bin.count)
      return Double(bin.count * bin.count) * p * (1 - p)
    }
    for number in bins.indices { bins[number].shuffle(using: &generator) }
    var queue = Queue(entries: [])
    while queue.entries.count < entries.count {
      let gains = bins.indices.map { number in
        bins[number].isEmpty ? -1 : spreads[number] * (1 / judged[number] - 1 / (judged[number] + 1))
      }
      guard let best = gains.indices.max(by: { gains[$0] < gains[$1] }), let entry = bins[best].popLast() else { break }
      judged[best] += 1
      queue.random.insert(queue.entries.count)
      queue.entries.append(entry)
    }
    return queue
  }
}
