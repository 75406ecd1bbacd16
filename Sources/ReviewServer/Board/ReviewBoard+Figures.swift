import Curation

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
      let estimate = state.estimate
      let sizes = [100, 300, 1000]
      // The surest open ones, taken once and counted up to each size.
      var tally = PrecisionEstimate.Tally()
      var budgets: [Budget] = []
      var taken = 0
      func close() {
        let expectation = estimate.expectation(of: tally)
        budgets.append(
          Budget(reviews: expectation.count, fixes: expectation.right, margin: expectation.margin))
      }
      for entry in state.entries where entry.isOpen {
        tally.add(entry.confidence)
        taken += 1
        if taken == sizes[budgets.count] { close() }
        if budgets.count == sizes.count { break }
      }
      while budgets.count < sizes.count { close() }
      return Figures(
        total: state.entries.count, open: (state.counts[.open] ?? 0) + (state.counts[.skipped] ?? 0),
        states: Dictionary(
          uniqueKeysWithValues: state.counts.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) }),
        mine: state.seen[reviewer] ?? 0, pace: Self.pace(state.recent[reviewer] ?? []),
        conflicts: state.conflicts.count,
        rest: (0..<10).map { estimate.expectation(of: state.open, fromBin: $0) }, budgets: budgets)
    }
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
      let estimate = state.estimate
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
