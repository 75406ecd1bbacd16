import Curation

/// What the audit proposes: totals, charts, judgement against known truth, the most confident suggestions.
struct SuggestionsSection: ReportSection {
  let id = "suggestions"
  let heading = "Suggestions"
  let lead: String
  let tables: [Table]
  /// Which labels are doubted.
  let noise: Figure?
  let figures: [Figure]
  let cards: [SuggestionCard]
  /// How many of all suggestions have a card; nil when all have.
  let cardsNote: String?

  init?(_ content: ReportContent, album: inout FaceAlbum, limits: HTMLReport.Limits) throws {
    guard let suggestions = content.suggestions else { return nil }
    lead = Self.lead(of: suggestions)
    let qualities = [suggestions.quality, suggestions.decided].compactMap { $0 }
    tables =
      [Self.totals(of: suggestions)].compactMap { $0 } + qualities.compactMap(Self.judgement)
      + [Self.reviewers(of: suggestions)].compactMap { $0 }
    noise = suggestions.noise.flatMap {
      Self.noise($0, title: "Which labels are doubted", summary: "Number of suggestions")
    }
    let openNoise = suggestions.openNoise.flatMap {
      Self.noise($0, title: "Still in doubt", summary: "Number of undecided suggestions")
    }
    figures = [
      openNoise, Self.confidences(of: suggestions),
      suggestions.quality.flatMap { Self.calibration(of: $0, title: "How often it is right") },
      suggestions.decided.flatMap { Self.calibration(of: $0, title: "How often people agreed") },
    ].compactMap { $0 }
    let classes = content.dataset?.classes ?? content.balance?.classes ?? suggestions.noise?.rows ?? []
    var cards: [SuggestionCard] = []
    for top in suggestions.top.prefix(limits.suggestions) {
      cards.append(try SuggestionCard(top, classes: classes, album: &album))
    }
    self.cards = cards
    cardsNote = Self.cardsNote(shown: cards.count, of: suggestions.total)
  }

  private static func cardsNote(shown: Int, of total: Int) -> String? {
    guard (1..<max(1, total)).contains(shown) else { return nil }
    return "The \(shown == 1 ? "" : NumberFormat.count(shown) + " ")most confident of \(NumberFormat.count(total))."
  }

  private static func lead(of suggestions: ReportContent.Suggestions) -> String {
    guard suggestions.total > 0 else { return "The audit proposes no change." }
    var text = NumberFormat.counted(suggestions.total, "suggestion")
    if let audited = suggestions.audited {
      text += " on \(NumberFormat.counted(audited, "audited sample"))"
      text += " (\(NumberFormat.percent(suggestions.total, of: audited)))"
    }
    return text + ". A suggestion changes nothing until a rule or a person accepts it."
  }

  /// Verdicts against states, with sums; columns without a suggestion are left out.
  private static func totals(of suggestions: ReportContent.Suggestions) -> Table? {
    guard suggestions.total > 0 else { return nil }
    func sum(_ isCounted: (ReportContent.Suggestions.Tally) -> Bool) -> Int {
      suggestions.tallies.reduce(0) { $0 + (isCounted($1) ? $1.count : 0) }
    }
    let verdicts = Suggestion.Verdict.allCases.filter { verdict in sum { $0.verdict == verdict } > 0 }
    let states = Suggestion.State.allCases.filter { state in sum { $0.state == state } > 0 }
    func cell(_ count: Int) -> Table.Cell {
      .number(count == 0 ? NumberFormat.missing : NumberFormat.count(count), count == 0 ? .muted : .plain)
    }
    return Table(
      "By verdict and state",
      columns: [.text("Verdict")] + states.map { .number($0.rawValue) } + [.number("all")],
      rows: verdicts.map { verdict in
        [.text(verdict.words)] + states.map { state in cell(sum { $0.verdict == verdict && $0.state == state }) }
          + [cell(sum { $0.verdict == verdict })]
      },
      total: verdicts.count > 1
        ? [.text("all")] + states.map { state in cell(sum { $0.state == state }) } + [cell(suggestions.total)] : nil)
  }

  /// Who reviewed, and how far they agree.
  private static func reviewers(of suggestions: ReportContent.Suggestions) -> Table? {
    guard !suggestions.reviewers.isEmpty else { return nil }
    let agreement = suggestions.kappa.map { "; Fleiss’ kappa \(NumberFormat.decimal($0))" } ?? ""
    return Table(
      "Reviewers" + agreement, columns: [.text("Name"), .number("Faces"), .number("Accepted"), .number("Share")],
      rows: suggestions.reviewers.map {
        [
          .text($0.name), .number(NumberFormat.count($0.faces)), .number(NumberFormat.count($0.accepted)),
          .number(NumberFormat.percent($0.accepted, of: $0.faces)),
        ]
      })
  }

  /// Precision by confidence, and recall.
  private static func judgement(of quality: ReportContent.Quality) -> Table? {
    let judged = quality.bins.reduce(0) { $0 + $1.suggestions }
    let correct = quality.bins.reduce(0) { $0 + $1.correct }
    guard judged > 0 else { return nil }
    func row(_ name: String, _ count: Int, _ right: Int) -> [Table.Cell] {
      let interval = WilsonInterval(successes: right, trials: count)
      let range = interval.map { NumberFormat.percentRange($0.lower, $0.upper) }
      return [
        .text(name), .number(NumberFormat.count(count)), .number(NumberFormat.count(right)),
        .number(NumberFormat.percent(interval?.share)), .number(range ?? NumberFormat.missing, .muted),
      ]
    }
    var caption = "Judged by \(quality.reference)"
    if let known = quality.knownErrors, let found = quality.foundErrors, known > 0 {
      caption += ": \(NumberFormat.count(found)) of \(NumberFormat.counted(known, "known error"))"
      caption += " found (recall \(NumberFormat.percent(found, of: known)))"
    }
    return Table(
      caption,
      columns: [
        .text("Confidence"), .number("Judged"), .number("Right"), .number("Precision"), .number("95% interval"),
      ],
      rows: quality.bins.filter { $0.suggestions > 0 }.map {
        row(NumberFormat.range($0.lower, $0.upper), $0.suggestions, $0.correct)
      },
      total: row("all", judged, correct))
  }

  private static func confidences(of suggestions: ReportContent.Suggestions) -> Figure? {
    guard let histogram = suggestions.confidences, histogram.counts.contains(where: { $0 > 0 }),
      histogram.lower < histogram.upper, (histogram.upper - histogram.lower).isFinite
    else { return nil }
    let threshold = suggestions.acceptedAbove
    return Figure(
      HistogramChart(
        title: "How sure the audit is",
        summary: "Number of suggestions by confidence, \(NumberFormat.count(histogram.counts.reduce(0, +))) in all.",
        histogram: histogram, xName: "confidence", threshold: threshold,
        thresholdName: threshold.map { "accepted by rule from \(NumberFormat.decimal($0))" } ?? ""))
  }

  private static func calibration(of quality: ReportContent.Quality, title: String) -> Figure? {
    let bins = quality.bins.filter { $0.suggestions > 0 }
    guard !bins.isEmpty else { return nil }
    return Figure(
      IntervalChart(
        title: title,
        summary: "Precision of suggestions by confidence, with 95% intervals, judged by \(quality.reference).",
        xName: "confidence", yName: "precision",
        bins: bins.map { .init(lower: $0.lower, upper: $0.upper, trials: $0.suggestions, successes: $0.correct) }),
      note: "On the dashed line the confidence is exactly as often right as it says.")
  }

  private static func noise(_ noise: ReportContent.LabelMatrix, title: String, summary: String) -> Figure? {
    guard !noise.rows.isEmpty, !noise.columns.isEmpty else { return nil }
    return Figure(
      HeatMap(
        title: title, summary: "\(summary) by given label (rows) and suggested label (columns).", matrix: noise,
        rowsName: "given", columnsName: "suggested", shade: .largest),
      note: "Percentages are shares of the suggestions on that given label.")
  }
}

extension Suggestion.Verdict {
  /// The verdict for a person.
  var words: String {
    switch self {
    case .wrong: "wrong label"
    case .ambiguous: "ambiguous"
    case .notAFace: "not a face"
    }
  }
}
