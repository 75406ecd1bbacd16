import Curation
import Reports
import Training

extension ReportContent.Comparison {
  /// Several models on the test split, against every reference that is known.
  static func all(of evaluations: [CurateEvaluation], classes: [String]) -> [ReportContent.Comparison] {
    var result: [ReportContent.Comparison] = []
    // What is known better than the labels comes first: it is the headline of the report.
    for reference in ["truth", "votes", "labels"] {
      let own = evaluations.filter { $0.evaluation.reference == reference }
      guard !own.isEmpty, let kind = Reference(rawValue: reference) else { continue }
      let parts: [(Rows, (SplitEvaluation) -> Evaluation?)] = [
        (.all, { $0.all }), (.notLeaked, { $0.notLeaked }), (.leaked, { $0.leaked }),
      ]
      for (rows, part) in parts {
        let parted = own.compactMap { item in
          part(item.evaluation).map {
            ReportContent.Evaluation(item.trainedOn, $0, classes: classes, withMatrix: rows == .all)
          }
        }
        guard !parted.isEmpty else { continue }
        result.append(ReportContent.Comparison(split: .test, rows: rows, reference: kind, evaluations: parted))
      }
    }
    return result
  }
}

extension ReportContent.Evaluation {
  /// How one model does, as the report shows it.
  init(_ name: String, _ value: Evaluation, classes: [String], withMatrix: Bool) {
    self.init(
      name: name, samples: value.samples, accuracy: value.accuracy, macroF1: value.macroF1, loss: value.loss,
      classes: classes.compactMap { label in
        value.classes[label].map {
          ClassScore(label: label, precision: $0.precision, recall: $0.recall, f1: $0.f1, support: $0.support)
        }
      },
      confusion: withMatrix
        ? ReportContent.LabelMatrix(rows: classes, columns: classes, counts: value.confusion) : nil)
  }
}
