import Curation
import Foundation

extension ReviewBoard {
  /// What is shown beside the queue, and renewed with every decision.
  struct Figures: Encodable, Sendable {
    var total: Int
    var open: Int
    /// Decided suggestions by state.
    var states: [String: Int]
    /// What this reviewer said, skipped ones counted.
    var mine: Int
    /// Decisions a minute over this reviewer's last minutes; nil before the third.
    var pace: Double?
    var conflicts: Int
    /// What accepting all open suggestions from each tenth of confidence on would bring, from 0 to 0.9.
    var rest: [PrecisionEstimate.Expectation]
    /// What so many more reviews in falling confidence would fix.
    var budgets: [Budget]
  }

  /// What a number of reviews is worth.
  struct Budget: Encodable, Sendable {
    var reviews: Int
    var fixes: Double
    var margin: Double
  }

  /// The figures as a reviewer sees them.
  func figures(reviewer: String) throws -> Figures {
    try withState { state in
      let open = state.entries.filter(\.isOpen)
      let estimate = Self.estimate(state)
      var states: [String: Int] = [:]
      for entry in state.entries { states[entry.state.rawValue, default: 0] += 1 }
      var conflicts = 0
      var mine = 0
      for (id, reviews) in state.reviews {
        if reviews.contains(where: { $0.reviewer == reviewer }) { mine += 1 }
        if reviews.count > 1, let position = state.positions[id],
          Self.shared(state.entries[position], reviews).isConflict
        {
          conflicts += 1
        }
      }
      return Figures(
        total: state.entries.count, open: open.count, states: states, mine: mine,
        pace: Self.pace(state.recent[reviewer] ?? []), conflicts: conflicts,
        rest: (0..<10).map { tenth in
          estimate.expectation(of: open.lazy.map(\.confidence).filter { $0 >= Double(tenth) / 10 })
        },
        budgets: [100, 300, 1000].map { count in
          let expectation = estimate.expectation(of: open.prefix(count).map(\.confidence))
          return Budget(reviews: expectation.count, fixes: expectation.right, margin: expectation.margin)
        })
    }
  }

  /// What the decisions so far say about how right the suggestions are.
  ///
  /// Every suggestion counts once, with the opinion that decided it. Skipped ones say nothing; what is ambiguous was not
  /// right to accept.
  static func estimate(_ state: State) -> PrecisionEstimate {
    var judged: [PrecisionEstimate.Judged] = []
    for (id, reviews) in state.reviews {
      guard let position = state.positions[id],
        let review = reviews.last(where: { $0.isApplied && $0.opinion.action != .skip })
      else { continue }
      judged.append(
        PrecisionEstimate.Judged(
          confidence: state.entries[position].confidence, isRight: review.opinion.action == .accept,
          isRandom: review.opinion.origin == .random))
    }
    return PrecisionEstimate(judged)
  }

  private static func pace(_ times: [ContinuousClock.Instant]) -> Double? {
    let recent = times.filter { ContinuousClock.now - $0 < .seconds(300) }
    guard recent.count > 2, let first = recent.first, let last = recent.last, last > first else { return nil }
    return Double(recent.count - 1) / ((last - first) / .seconds(60))
  }

  // MARK: Matrix

  /// One cell of the noise matrix.
  struct Cell: Encodable, Sendable {
    var from: String
    /// The suggested label; `not a face` for suggestions without one.
    var to: String
    var total = 0
    var open = 0
    var accepted = 0
    /// Rejected, or given a third label.
    var otherwise = 0
    /// How many of the open ones are expected to be right.
    var expected = 0.0
  }

  /// Given against suggested label; only cells with suggestions.
  func matrix() throws -> [Cell] {
    try withState { state in
      let estimate = Self.estimate(state)
      var cells: [String: Cell] = [:]
      for entry in state.entries {
        var cell = cells["\(entry.from)\n\(entry.target)"] ?? Cell(from: entry.from, to: entry.target)
        cell.total += 1
        switch entry.state {
        case .open, .skipped:
          cell.open += 1
          cell.expected += estimate.probability(entry.confidence)
        case .accepted: cell.accepted += 1
        case .rejected, .relabelled: cell.otherwise += 1
        }
        cells["\(entry.from)\n\(entry.target)"] = cell
      }
      return cells.values.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }
  }

  // MARK: People

  /// What one reviewer did.
  struct Person: Encodable, Sendable {
    var name: String
    var decisions: Int
    /// By action.
    var actions: [String: Int]
    /// The median time on a face, in seconds.
    var seconds: Double?
  }

  /// How far two reviewers agree.
  struct Pair: Encodable, Sendable {
    var first: String
    var second: String
    var faces: Int
    var agreed: Int
    var kappa: Double?
  }

  /// All reviewers and how they agree.
  struct People: Encodable, Sendable {
    var reviewers: [Person]
    var pairs: [Pair]
    /// Fleiss' kappa of all.
    var kappa: Double?
    /// Faces that two or more saw.
    var shared: Int
    var conflicts: Int
  }

  /// Who reviewed, and how far they agree.
  func people() throws -> People {
    try withState { state in
      let reviews = state.reviews.values.joined()
      let names = Set(reviews.map(\.reviewer)).sorted()
      let suggestions = Dictionary(uniqueKeysWithValues: state.entries.map { ($0.id, $0.suggestion) })
      let faces = SharedFace.all(reviews.sorted { $0.id < $1.id }, suggestions: suggestions)
      var pairs: [Pair] = []
      for (position, first) in names.enumerated() {
        for second in names.dropFirst(position + 1) {
          let both = faces.compactMap { face in
            face.verdicts[first].flatMap { one in face.verdicts[second].map { (one, $0) } }
          }
          guard !both.isEmpty else { continue }
          pairs.append(
            Pair(
              first: first, second: second, faces: both.count, agreed: both.count { $0.0 == $0.1 },
              kappa: Agreement.cohen(both)))
        }
      }
      return People(
        reviewers: names.map { name in Self.person(name, reviews.filter { $0.reviewer == name }) }, pairs: pairs,
        kappa: Agreement.fleiss(faces.map { Array($0.verdicts.values) }),
        shared: faces.count { $0.verdicts.count > 1 }, conflicts: faces.count(where: \.isConflict))
    }
  }

  private static func person(_ name: String, _ reviews: [Review]) -> Person {
    let seconds = reviews.compactMap(\.opinion.seconds).sorted()
    return Person(
      name: name, decisions: reviews.count,
      actions: Dictionary(reviews.map { ($0.opinion.action.rawValue, 1) }, uniquingKeysWith: +),
      seconds: seconds.isEmpty ? nil : seconds[seconds.count / 2])
  }
}
