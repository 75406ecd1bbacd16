import Curation

/// One suggestion as a card: the face, from which label to which, the evidence.
struct SuggestionCard {
  let picture: FaceAlbum.Picture
  let key: String
  let split: String?
  let given: String
  let suggested: String
  let confidence: String
  let verdict: String
  let importance: String?
  /// The probabilities, drawn; nil when the audit left none.
  let bars: String?
  let state: String
  /// Class of the state's mark.
  let stateStyle: String
  let decidedBy: String?
  let evidence: String?

  init(_ top: ReportContent.Suggestions.Top, classes: [String], album: inout FaceAlbum) throws {
    picture = try album.picture(of: top.face)
    key = top.face.key
    split = top.face.split
    given = top.given
    suggested = top.suggested ?? "no face"
    confidence = NumberFormat.decimal(top.confidence)
    verdict = top.verdict.words
    importance = top.importance.map { NumberFormat.decimal($0) }
    let shown = Self.classesShown(classes, top)
    bars =
      shown.isEmpty
      ? nil
      : ProbabilityBars(
        title: "Probabilities of \(top.face.key)",
        summary: shown.map { "\(classes[$0]) \(NumberFormat.percent(top.probabilities[$0], digits: 0))" }
          .joined(separator: ", "),
        classes: shown.map { classes[$0] }, probabilities: shown.map { top.probabilities[$0] }, given: top.given,
        suggested: top.suggested
      ).svg
    state = top.state.rawValue
    stateStyle =
      switch top.state {
      case .accepted, .relabelled: "better"
      case .rejected: "worse"
      case .open, .skipped: "muted"
      }
    decidedBy = top.decidedBy
    evidence = top.evidence
  }

  /// Positions of the classes whose bars are drawn, in order: the given one, the suggested one and the most probable.
  static func classesShown(
    _ classes: [String], _ top: ReportContent.Suggestions.Top, atMost limit: Int = 8
  ) -> [Int] {
    let known = classes.indices.filter { top.probabilities.indices.contains($0) }
    func weight(_ index: Int) -> Double {
      let isNamed = classes[index] == top.given || classes[index] == top.suggested
      let probability = top.probabilities[index]
      return (isNamed ? 2 : 0) + (probability.isFinite ? probability : 0)
    }
    return known.sorted { (weight($1), $0) < (weight($0), $1) }.prefix(limit).sorted()
  }
}
