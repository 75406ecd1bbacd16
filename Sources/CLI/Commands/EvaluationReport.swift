import ArgumentParser
import Training

extension EvaluationReference: ExpressibleByArgument {}

/// What `fercure evaluate` prints: the evaluation of all rows at the top level, the parts beside it.
struct EvaluationReport: Encodable {
  private let evaluation: SplitEvaluation
  private let order: [String]

  init(_ evaluation: SplitEvaluation, classes: [String]) {
    self.evaluation = evaluation
    order = classes
  }

  private enum Keys: String, CodingKey { case reference, notLeaked, leaked, classNames }

  func encode(to encoder: any Encoder) throws {
    try evaluation.all.encode(to: encoder)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(evaluation.reference, forKey: .reference)
    try container.encode(order, forKey: .classNames)
    try container.encodeIfPresent(evaluation.notLeaked, forKey: .notLeaked)
    try container.encodeIfPresent(evaluation.leaked, forKey: .leaked)
  }

  var text: String {
    var summary = TextTable(header: ["rows", "samples", "accuracy", "macro-F1", "loss"])
    let parts =
      [("all", evaluation.all)]
      + [("not leaked", evaluation.notLeaked), ("leaked", evaluation.leaked)]
      .compactMap { name, part in part.map { (name, $0) } }
    summary.rows = parts.map { name, part in
      [
        name, Numbers.count(part.samples), Numbers.percent(part.accuracy), Numbers.decimal(part.macroF1, places: 3),
        Numbers.decimal(part.loss, places: 3),
      ]
    }
    var table = TextTable(header: ["class", "precision", "recall", "F1", "support"] + order.map { "→ \($0)" })
    table.rows = order.enumerated().map { index, name in
      let row = evaluation.all.classes[name]
      return [
        name, Numbers.percent(row?.precision ?? 0), Numbers.percent(row?.recall ?? 0),
        Numbers.decimal(row?.f1 ?? 0, places: 3), Numbers.count(row?.support ?? 0),
      ] + evaluation.all.confusion[index].map(Numbers.count(_:))
    }
    return "against \(evaluation.reference)\n\n\(summary.text)\n\n\(table.text)"
  }
}
