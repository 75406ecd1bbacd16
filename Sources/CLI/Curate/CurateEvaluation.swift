import Curation
import Foundation
import Training

/// One model of a curate run on the test split, against one reference.
struct CurateEvaluation: Codable {
  /// `raw` or `curated`: what the model was trained on.
  var trainedOn: String
  var evaluation: SplitEvaluation

  /// Evaluates every model on the test split against labels, and against votes and a truth file where there are some.
  ///
  /// The raw dataset gives the pictures: curating leaves the test split as it is.
  static func all(
    raw: DatasetStore, models: [(name: String, model: TrainedModel)], truth: String?, console: Console
  ) throws -> [CurateEvaluation] {
    let hasVotes = try !raw.votes().isEmpty
    var result: [CurateEvaluation] = []
    for (name, model) in models {
      guard try raw.samples().contains(where: { $0.split == .test && $0.label != nil }) else { continue }
      let evaluation = try ModelEvaluation(
        model: model, store: raw, split: .test, title: "Evaluating \(name)", console: console)
      result.append(CurateEvaluation(trainedOn: name, evaluation: try evaluation.evaluation(against: .labels)))
      if hasVotes {
        result.append(CurateEvaluation(trainedOn: name, evaluation: try evaluation.evaluation(against: .votes)))
      }
      if let truth {
        result.append(
          CurateEvaluation(
            trainedOn: name, evaluation: try evaluation.evaluation(against: .labels, truthFile: truth)))
      }
    }
    // References that know nothing of the test rows.
    return result.filter { $0.evaluation.all.samples > 0 }
  }
}
