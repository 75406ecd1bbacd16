/// All comparisons in one table: a row a model, with what changed against the first model.
enum ComparisonTable {
  typealias Evaluation = ReportContent.Evaluation

  /// One measure of a model, with how it and its changes are written.
  private struct Measure: Sendable {
    let name: String
    let value: @Sendable (Evaluation) -> Double?
    let text: @Sendable (Double?) -> String
    let changeText: @Sendable (Double?) -> String
    var betterIsLess = false
  }

  private static let measures = [
    Measure(
      name: "Accuracy", value: { $0.accuracy }, text: { NumberFormat.percent($0) },
      changeText: { NumberFormat.points($0) }),
    Measure(
      name: "Macro-F1", value: { $0.macroF1 }, text: { NumberFormat.decimal($0, digits: 3) },
      changeText: { NumberFormat.difference($0, digits: 3) }),
    Measure(
      name: "Loss", value: { $0.loss }, text: { NumberFormat.decimal($0, digits: 3) },
      changeText: { NumberFormat.difference($0, digits: 3) }, betterIsLess: true),
  ]

  /// The table; columns for changes are there when there is more than one model.
  static func table(of comparisons: [ReportContent.Comparison]) -> Table {
    let hasChanges = comparisons.contains { $0.evaluations.count > 1 }
    var columns: [Table.Column] = [.text("Rows"), .text("Model"), .number("Samples")]
    for measure in measures { columns += [.number(measure.name)] + (hasChanges ? [.number("change")] : []) }
    var rows: [[Table.Cell]] = []
    var openRows: Set<Int> = []
    for comparison in comparisons {
      for (position, evaluation) in comparison.evaluations.enumerated() {
        if position < comparison.evaluations.count - 1 { openRows.insert(rows.count) }
        var cells: [Table.Cell] = [
          .text(position == 0 ? EvaluationSection.name(of: comparison) : ""),
          .text(evaluation.name, position == 0 ? .plain : .strong), .number(NumberFormat.count(evaluation.samples)),
        ]
        for measure in measures {
          cells.append(.number(measure.text(measure.value(evaluation))))
          guard hasChanges else { continue }
          cells.append(
            position == 0 ? .number("") : change(of: measure, from: comparison.evaluations[0], to: evaluation))
        }
        rows.append(cells)
      }
    }
    return Table(columns: columns, rows: rows, openRows: openRows)
  }

  private static func change(of measure: Measure, from first: Evaluation, to second: Evaluation) -> Table.Cell {
    let values = (measure.value(first), measure.value(second))
    guard let before = values.0, let after = values.1 else { return .number(NumberFormat.missing, .muted) }
    return .change(after - before, text: measure.changeText(after - before), betterIsLess: measure.betterIsLess)
  }
}
