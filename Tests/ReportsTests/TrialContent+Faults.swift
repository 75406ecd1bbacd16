import Curation
import Imaging

@testable import Reports

extension TrialContent {
  /// What a file name could hold: markup, quotes, and a quote with a combining accent.
  static let harm = "<script>alert('x')</script>\"\u{301} onload=\"x & {{title}} <b>harm"

  /// A content in which every text means harm.
  static var harmful: ReportContent {
    let face = ReportContent.Face(
      image: Image(height: 4, width: 4, filledWith: 9), key: harm, split: harm, label: harm, detail: harm, group: harm)
    let matrix = ReportContent.LabelMatrix(rows: [harm], columns: [harm, harm], counts: [[3, 2]])
    let evaluation = ReportContent.Evaluation(
      name: harm, samples: 5, accuracy: 0.5, macroF1: 0.5,
      classes: [.init(label: harm, precision: 0.5, recall: 0.5, f1: 0.5, support: 5)], confusion: matrix)
    return ReportContent(
      title: harm, generatedAt: harm, toolVersion: harm, recipe: harm, seed: 1,
      dataset: .init(
        samples: 1, classes: [harm], sources: [.init(name: harm, format: harm, samples: 1)],
        examples: [.init(label: harm, faces: [face])]),
      balance: .init(
        classes: [harm],
        stages: [
          .init(name: harm, splits: [.init(split: .train, counts: [1])]),
          .init(name: harm, splits: [.init(split: .train, counts: [2])]),
        ]),
      findings: [
        .init(name: harm, meaning: harm, samples: 2, groups: 1, examples: [face, face]), .init(name: harm, samples: 0),
      ],
      suggestions: .init(
        tallies: [.init(verdict: .wrong, state: .open, count: 1)], noise: matrix,
        confidences: .init(of: [0.5]), acceptedAbove: 0.5,
        top: [
          .init(
            face: face, given: harm, suggested: harm, verdict: .wrong, confidence: 0.5, importance: 0.1,
            probabilities: [1], decidedBy: harm, evidence: harm)
        ],
        quality: .init(reference: harm, bins: [.init(lower: 0.5, upper: 1, suggestions: 2, correct: 1)])),
      changes: [.init(actor: harm, from: harm, to: harm, samples: 1)],
      training: [.init(name: harm, role: .other, model: harm, epochs: [.init(number: 1, trainLoss: 1)])],
      evaluations: [.init(split: .test, evaluations: [evaluation, evaluation])],
      steps: [.init(name: harm, seconds: 1)], commands: [harm])
  }

  /// A content whose numbers went wrong: nothing divided by nothing, lists that are too short.
  static var broken: ReportContent {
    let epoch = ReportContent.TrainingRun.Epoch(
      number: 1, trainLoss: .nan, validationLoss: .infinity, trainAccuracy: 0.1, validationAccuracy: .nan,
      learningRate: -.infinity)
    let evaluation = ReportContent.Evaluation(
      name: "raw", samples: 0, accuracy: .nan, macroF1: .nan, loss: .infinity,
      classes: [.init(label: "a", precision: .nan, recall: 0, f1: .nan, support: 0)],
      confusion: .init(rows: ["a", "b"], columns: ["a", "b"], counts: [[0]]))
    return ReportContent(
      title: "broken",
      dataset: .init(samples: 0, classes: [], splits: [.init(split: .test, samples: 0)], imbalanceRatio: .infinity),
      balance: .init(
        classes: ["a", "b"], stages: [.init(name: "before", splits: [.init(split: .train, counts: [0])])]),
      findings: [],
      suggestions: .init(
        audited: 0, tallies: [.init(verdict: .ambiguous, state: .open, count: 1)],
        noise: .init(rows: ["a"], columns: ["a", "b"], counts: []),
        confidences: .init(lower: 0, upper: .nan, counts: [1]), acceptedAbove: .nan,
        top: [
          .init(
            face: DrawnFace.face(0, 0), given: "a", suggested: nil, verdict: .notAFace, confidence: .nan,
            importance: .nan, probabilities: [.nan])
        ],
        quality: .init(
          reference: "votes", bins: [.init(lower: .nan, upper: 1, suggestions: 2, correct: 3)], knownErrors: 0,
          foundErrors: 0)),
      changes: [],
      training: [.init(name: "raw", role: .raw, epochs: [epoch], seconds: .nan, imagesPerSecond: .infinity)],
      evaluations: [.init(split: .test, evaluations: [evaluation, evaluation])],
      steps: [.init(name: "audit", seconds: .nan)])
  }
}
