/// Precision, recall and F1 of every class, the models side by side.
enum ClassTable {
  /// The table of one comparison; nil when no model has figures by class.
  static func table(of comparison: ReportContent.Comparison) -> Table? {
    let evaluations = comparison.evaluations.filter { !$0.classes.isEmpty }
    guard let first = evaluations.first else { return nil }
    var columns: [Table.Column] = [.text("Class"), .number("Support")]
    for measure in ["Precision", "Recall", "F1"] {
      for evaluation in evaluations {
        columns.append(.number(evaluations.count > 1 ? "\(measure) \(evaluation.name)" : measure))
      }
    }
    if evaluations.count > 1 { columns.append(.number("F1 change")) }
    return Table(
      columns: columns,
      rows: first.classes.map { row in
        let scores = evaluations.map { evaluation in evaluation.classes.first { $0.label == row.label } }
        var cells: [Table.Cell] = [.text(row.label), .number(NumberFormat.count(row.support))]
        cells += scores.map { .number(NumberFormat.decimal($0?.precision, digits: 3)) }
        cells += scores.map { .number(NumberFormat.decimal($0?.recall, digits: 3)) }
        cells += scores.map { .number(NumberFormat.decimal($0?.f1, digits: 3)) }
        if evaluations.count > 1 {
          let change = scores.last.flatMap { $0 }.map { $0.f1 - row.f1 }
          cells.append(.change(change, text: NumberFormat.difference(change, digits: 3)))
        }
        return cells
      })
  }
}
