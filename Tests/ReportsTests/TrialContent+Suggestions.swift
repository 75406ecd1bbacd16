import Curation
import Foundation

@testable import Reports

extension TrialContent {
  static var suggestions: ReportContent.Suggestions {
    var noise = ReportContent.LabelMatrix(
      rows: classes, columns: classes + ["no face"],
      counts: classes.indices.map { row in (0...7).map { row == $0 ? 0 : (row * 31 + $0 * 17) % 23 + 4 } })
    noise.counts[2][5] = 268
    noise.counts[4][6] = 402
    noise.counts[0][6] = 197
    noise.counts[1][0] = 58
    noise.counts[3][7] = 2
    let counts = [0, 0, 0, 0, 0, 0, 0, 0, 31, 68, 109, 150, 171, 183, 206, 220, 249, 260, 214, 108]
    return ReportContent.Suggestions(
      audited: 35_875,
      tallies: [
        .init(verdict: .wrong, state: .accepted, count: 737), .init(verdict: .wrong, state: .open, count: 851),
        .init(verdict: .wrong, state: .relabelled, count: 79), .init(verdict: .wrong, state: .rejected, count: 44),
        .init(verdict: .ambiguous, state: .open, count: 246), .init(verdict: .notAFace, state: .accepted, count: 12),
      ],
      noise: noise, confidences: .init(lower: 0, upper: 1, counts: counts), acceptedAbove: 0.85,
      top: (0..<14).map(top), quality: quality)
  }

  static var quality: ReportContent.Quality {
    let rows = [(0.4, 99, 31), (0.5, 180, 88), (0.6, 240, 151), (0.7, 301, 221), (0.8, 322, 268), (0.9, 204, 189)]
    return ReportContent.Quality(
      reference: "the votes of ten people",
      bins: rows.map { .init(lower: $0.0, upper: $0.0 + 0.1, suggestions: $0.1, correct: $0.2) },
      knownErrors: 1904, foundErrors: 948)
  }

  private static func top(_ number: Int) -> ReportContent.Suggestions.Top {
    let given = [2, 4, 0, 1, 6, 3, 5][number % 7]
    let to = [5, 6, 6, 0, 3, 2, 3][number % 7]
    let isNoFace = number == 4
    let confidence = 0.985 - Double(number) * 0.011
    var probabilities = classes.indices.map { 0.01 + Double(($0 * 7 + number * 3) % 5) * 0.008 }
    probabilities[given] = 0.06
    probabilities[to] = 0
    probabilities[to] = 1 - probabilities.reduce(0, +)
    let states: [Suggestion.State] = [.accepted, .accepted, .relabelled, .open, .rejected]
    let state = states[number % 5]
    return ReportContent.Suggestions.Top(
      face: DrawnFace.face(to, number + 100, label: classes[given]), given: classes[given],
      suggested: isNoFace ? nil : classes[to],
      verdict: isNoFace ? .notAFace : number % 6 == 5 ? .ambiguous : .wrong, confidence: confidence,
      importance: 0.08 + Double(number) * 0.021, probabilities: probabilities, state: state,
      decidedBy: state == .open ? nil : state == .accepted ? "rule accept-above 0.85" : "reviewer Ada",
      evidence: number % 2 == 0 ? "votes: \(classes[to]) 7, \(classes[given]) 2, unknown 1" : nil)
  }
}
