import Curation

/// How well the networks do: all comparisons in one table, then the first one class by class.
struct EvaluationSection: ReportSection {
  typealias Comparison = ReportContent.Comparison
  typealias Evaluation = ReportContent.Evaluation

  /// A further comparison, folded away.
  struct Detail {
    let heading: String
    let classes: Table
    let figures: [Figure]
  }

  let id = "evaluation"
  let heading = "Evaluation"
  let lead: String
  let tables: [Table]
  /// What the parts below are about; nil when there are none.
  let headlineName: String?
  let classes: Table?
  /// What became better and what became worse.
  let development: Figure?
  let figures: [Figure]
  let details: [Detail]

  init?(_ content: ReportContent) {
    let comparisons = content.evaluations.filter { !$0.evaluations.isEmpty }
    guard let headline = comparisons.first else { return nil }
    lead = Self.lead(of: headline)
    tables = [ComparisonTable.table(of: comparisons)]
    classes = ClassTable.table(of: headline)
    development = Self.dumbbell(of: headline)
    figures = Self.confusions(of: headline)
    headlineName = classes == nil && figures.isEmpty ? nil : Self.name(of: headline)
    details = comparisons.dropFirst().compactMap { comparison in
      ClassTable.table(of: comparison).map {
        Detail(heading: Self.name(of: comparison), classes: $0, figures: Self.confusions(of: comparison))
      }
    }
  }

  /// `test, rows without a copy in training, against labels`.
  static func name(of comparison: Comparison) -> String {
    let rows =
      switch comparison.rows {
      case .all: "all rows"
      case .notLeaked: "rows without a copy in training"
      case .leaked: "rows with a copy in training"
      }
    return "\(comparison.split.rawValue), \(rows), against \(comparison.reference.rawValue)"
  }

  private static func lead(of comparison: Comparison) -> String {
    let parts = comparison.evaluations.map { evaluation in
      let correct = Int(min(1, max(0, evaluation.accuracy)) * Double(max(0, evaluation.samples)) + 0.5)
      let interval = WilsonInterval(successes: correct, trials: evaluation.samples)
      let range = interval.map { " (95% interval \(NumberFormat.percentRange($0.lower, $0.upper)))" }
      return "\(evaluation.name) is right on \(NumberFormat.percent(evaluation.accuracy))\(range ?? "")"
    }
    return "On \(name(of: comparison)): " + parts.joined(separator: ", ") + "."
  }

  private static func dumbbell(of comparison: Comparison) -> Figure? {
    guard comparison.evaluations.count > 1, let before = comparison.evaluations.first,
      let after = comparison.evaluations.last, !before.classes.isEmpty
    else { return nil }
    let pairs = before.classes.compactMap { old in
      after.classes.first { $0.label == old.label }.map { (label: old.label, old: old.f1, new: $0.f1) }
    }
    guard !pairs.isEmpty else { return nil }
    return Figure(
      DumbbellChart(
        title: "F1 by class", summary: "F1 of each class for \(before.name) and \(after.name).",
        categories: pairs.map(\.label), before: pairs.map(\.old), beforeName: before.name, after: pairs.map(\.new),
        afterName: after.name))
  }

  private static func confusions(of comparison: Comparison) -> [Figure] {
    comparison.evaluations.compactMap { evaluation in
      guard let confusion = evaluation.confusion, !confusion.rows.isEmpty else { return nil }
      return Figure(
        HeatMap(
          title: "Confusion, \(evaluation.name)",
          summary: "Number of rows by true class (rows) and predicted class (columns) for \(evaluation.name).",
          matrix: confusion, rowsName: comparison.reference == .labels ? "label" : comparison.reference.rawValue,
          columnsName: "prediction"))
    }
  }
}
