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
    bars =
      top.probabilities.isEmpty || classes.isEmpty
      ? nil
      : ProbabilityBars(
        title: "Probabilities of \(top.face.key)",
        summary: zip(classes, top.probabilities).map { "\($0) \(NumberFormat.percent($1, digits: 0))" }
          .joined(separator: ", "),
        classes: classes, probabilities: top.probabilities, given: top.given, suggested: top.suggested
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
}
