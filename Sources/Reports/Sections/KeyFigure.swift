import Curation

/// One of the few numbers at the top of the page.
struct KeyFigure {
  let name: String
  let value: String
  /// A few words under the number.
  let note: String?
  /// The one result the work was done for.
  let isResult: Bool

  init(_ name: String, _ value: String, note: String? = nil, isResult: Bool = false) {
    self.name = name
    self.value = value
    self.note = note
    self.isResult = isResult
  }

  /// The figures for which `content` has data, at most six.
  static func all(of content: ReportContent) -> [KeyFigure] {
    [
      samples(content), findings(content), suggestions(content), changes(content), imbalance(content),
      accuracy(content),
    ].compactMap { $0 }
  }

  private static func samples(_ content: ReportContent) -> KeyFigure? {
    content.dataset.map { dataset in
      let splits = dataset.splits.isEmpty ? "" : ", " + NumberFormat.counted(dataset.splits.count, "split")
      return KeyFigure(
        "Samples", NumberFormat.count(dataset.samples),
        note: NumberFormat.counted(dataset.classes.count, "class", "classes") + splits)
    }
  }

  private static func findings(_ content: ReportContent) -> KeyFigure? {
    content.findings.map { checks in
      let positive = checks.filter { $0.samples > 0 }
      return KeyFigure(
        "Findings", NumberFormat.count(positive.reduce(0) { $0 + $1.samples }),
        note: "by " + NumberFormat.counted(positive.count, "check"))
    }
  }

  private static func suggestions(_ content: ReportContent) -> KeyFigure? {
    content.suggestions.map { suggestions in
      KeyFigure(
        "Suggestions", NumberFormat.count(suggestions.total),
        note: suggestions.audited.map {
          NumberFormat.percent(suggestions.total, of: $0) + " of \(NumberFormat.count($0)) audited"
        })
    }
  }

  private static func changes(_ content: ReportContent) -> KeyFigure? {
    content.changes.map { changes in
      func total(_ kind: ReportContent.Change.Kind) -> Int {
        changes.reduce(0) { $0 + ($1.kind == kind ? $1.samples : 0) }
      }
      let takenOut = total(.excluded) - total(.restored)
      return KeyFigure(
        "Labels corrected", NumberFormat.count(total(.relabelled)),
        note: takenOut > 0 ? NumberFormat.count(takenOut) + " samples taken out" : nil)
    }
  }

  private static func imbalance(_ content: ReportContent) -> KeyFigure? {
    guard let stages = content.balance?.stages, let first = stages.first?.imbalance else {
      return content.dataset?.imbalanceRatio.map {
        KeyFigure("Imbalance", NumberFormat.ratio($0), note: "largest to smallest class")
      }
    }
    guard stages.count > 1, let last = stages.last?.imbalance else {
      return KeyFigure("Imbalance", NumberFormat.ratio(first), note: "largest to smallest class")
    }
    return KeyFigure(
      "Imbalance", "\(NumberFormat.times(first)) → \(NumberFormat.times(last))",
      note: "largest to smallest class, training")
  }

  private static func accuracy(_ content: ReportContent) -> KeyFigure? {
    guard let comparison = content.evaluations.first, let last = comparison.evaluations.last else { return nil }
    let name = "Accuracy, \(comparison.split.rawValue)"
    guard comparison.evaluations.count > 1, let first = comparison.evaluations.first else {
      return KeyFigure(name, NumberFormat.percent(last.accuracy), note: last.name, isResult: true)
    }
    return KeyFigure(
      name, "\(NumberFormat.percent(first.accuracy)) → \(NumberFormat.percent(last.accuracy))",
      note: "\(NumberFormat.points(last.accuracy - first.accuracy)), \(first.name) → \(last.name)", isResult: true)
  }
}
