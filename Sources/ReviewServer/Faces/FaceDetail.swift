import Curation

/// All that the page shows of one suggestion.
struct FaceDetail: Encodable, Sendable {
  var id: Int64
  var sample: Int64
  var key: String
  /// The tag of the picture, a part of its address.
  var pixels: String
  var split: Split
  /// The given label and the suggested one; without the latter the picture shows no face.
  var from: String
  var to: String?
  /// The label at present; nil when the sample has none.
  var label: String?
  var isExcluded: Bool
  var width: Int
  var height: Int
  var confidence: Double
  /// The same, as decisions so far have moved it.
  var expected: Double
  var verdict: Suggestion.Verdict
  var importance: Double?
  var margin: Double?
  var relabelEpoch: Int?
  var probabilities: [Float]
  var state: Suggestion.State
  var decidedBy: String?
  /// What several people called it.
  var votes: Votes?
  /// The last word of every reviewer; empty in a second pass, which is blind.
  var opinions: [Said]
  /// What this reviewer said last.
  var mine: Said?
  var sureGiven: [Neighbour]
  var sureSuggested: [Neighbour]
  var alike: [Neighbour]
  var copies: [Neighbour]

  /// What somebody said.
  struct Said: Encodable, Sendable {
    var reviewer: String
    var action: Opinion.Action
    var label: String?
    var second: String?
    var time: String
  }

  /// Another face beside it.
  struct Neighbour: Encodable, Sendable {
    var sample: Int64
    var key: String
    var pixels: String
    var label: String?
    var split: Split
    /// The correlation with the face; nil for copies.
    var similarity: Double?
  }
}

extension ReviewBoard {
  /// The details of suggestions, in the order asked for; unknown ones are left out.
  ///
  /// - Parameter isBlind: Leaves out what others said, and what the suggestion's state would give away.
  func details(
    of ids: [Int64], reviewer: String, isBlind: Bool, library: FaceLibrary, withNeighbours: Bool
  ) throws -> [FaceDetail] {
    let found = try withState { state in
      let estimate = state.estimate
      return ids.compactMap { id in
        state.positions[id].map { place in
          (
            entry: state.entries[place], reviews: state.reviews[id] ?? [],
            expected: estimate.probability(state.entries[place].confidence)
          )
        }
      }
    }
    return try found.map { item in
      let entry = item.entry
      let sample = try store.sample(id: entry.sample)
      let said = item.reviews.map { review in
        FaceDetail.Said(
          reviewer: review.reviewer, action: review.opinion.action, label: review.opinion.label,
          second: review.opinion.second, time: review.time)
      }
      let others = Dictionary(said.map { ($0.reviewer, $0) }, uniquingKeysWith: { $1 })
      func neighbours(_ list: [FaceIndex.Neighbour]) throws -> [FaceDetail.Neighbour] {
        try list.map { try neighbour($0.sample, similarity: $0.similarity) }
      }
      let near =
        withNeighbours
        ? library.neighbours(of: entry.sample, count: 6, sure: [entry.from] + (entry.to.map { [$0] } ?? []))
        : FaceIndex.Answer()
      return FaceDetail(
        id: entry.id, sample: entry.sample, key: entry.key, pixels: entry.pixels, split: entry.split, from: entry.from,
        to: entry.to, label: isBlind ? entry.from : sample.label, isExcluded: !isBlind && sample.excluded,
        width: sample.width, height: sample.height, confidence: entry.confidence, expected: item.expected,
        verdict: entry.verdict,
        importance: entry.importance, margin: entry.margin, relabelEpoch: entry.relabelEpoch,
        probabilities: entry.probabilities, state: isBlind ? .open : entry.state,
        decidedBy: isBlind ? nil : entry.decidedBy, votes: try store.votes(of: entry.sample),
        opinions: isBlind ? [] : others.values.sorted { $0.reviewer < $1.reviewer }, mine: others[reviewer],
        sureGiven: try neighbours(near.sure.first ?? []),
        sureSuggested: try neighbours(near.sure.dropFirst().first ?? []),
        alike: try neighbours(near.alike),
        copies: withNeighbours
          ? try library.copies(of: sample).prefix(12).map { try neighbour($0, similarity: nil) } : [])
    }
  }

  private func neighbour(_ id: Int64, similarity: Double?) throws -> FaceDetail.Neighbour {
    let sample = try store.sample(id: id)
    return FaceDetail.Neighbour(
      sample: id, key: sample.key, pixels: sample.pictureTag, label: sample.label, split: sample.split,
      similarity: similarity)
  }
}
