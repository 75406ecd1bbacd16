import Curation
import Foundation

@testable import Reports

extension TrialContent {
  static var explanations: [ReportContent.Explanation] {
    let rows = classes.indices.map { label in
      ReportContent.MapTable.Row(
        label: classes[label], details: ["wrong", "sees sad, 81 %", "why sad rather than \(classes[label])?"],
        pictures: [DrawnFace.face(label, label, label: classes[label]), nil])
    }
    return [
      .init(
        model: "curated",
        tables: [
          .init(caption: "Faces", columns: ["face", "occlusion"], rows: rows),
          .init(caption: "Means", columns: ["mean face"], rows: []),
        ])
    ]
  }

  static var training: [ReportContent.TrainingRun] {
    let folds = (1...5).map { fold in
      ReportContent.TrainingRun(
        name: "audit fold \(fold)", role: .audit, model: "resnet18",
        epochs: epochs(12, loss: 1.12 + Double(fold) * 0.012, accuracy: 0.585 - Double(fold) * 0.004), bestEpoch: 11,
        seconds: 371, imagesPerSecond: 1160)
    }
    return [
      .init(
        name: "raw", role: .raw, model: "resnet18", epochs: epochs(20, loss: 1.041, accuracy: 0.631), bestEpoch: 18,
        seconds: 1204, imagesPerSecond: 1183),
      .init(
        name: "curated", role: .curated, model: "resnet18", epochs: epochs(20, loss: 0.948, accuracy: 0.672),
        bestEpoch: 19, seconds: 1377, imagesPerSecond: 1190),
    ] + folds
  }

  private static func epochs(_ count: Int, loss: Double, accuracy: Double) -> [ReportContent.TrainingRun.Epoch] {
    (1...count).map { number in
      let progress = exp(-Double(number - 1) / 4)
      let wobble = sin(Double(number) * 2.7 + loss * 9) * 0.012
      return .init(
        number: number, trainLoss: loss * 0.62 + (1.85 - loss * 0.62) * exp(-Double(number - 1) / 6),
        validationLoss: loss + (1.72 - loss) * progress + wobble,
        trainAccuracy: accuracy + 0.14 - (accuracy - 0.14) * exp(-Double(number - 1) / 6),
        validationAccuracy: accuracy - (accuracy - 0.3) * progress - wobble * 0.6,
        learningRate: 0.01 * 0.5 * (1 + cos(Double(number - 1) / Double(count) * .pi)))
    }
  }

  static var evaluations: [ReportContent.Comparison] {
    [
      .init(
        split: .test,
        evaluations: [evaluation("raw", 0.631, 1.041), evaluation("curated", 0.664, 0.957)]),
      .init(
        split: .test, rows: .notLeaked,
        evaluations: [evaluation("raw", 0.618, 1.072), evaluation("curated", 0.655, 0.981)]),
      .init(
        split: .test, rows: .leaked, evaluations: [plain("raw", 288, 0.741, 0.77), plain("curated", 288, 0.733, 0.79)]),
      .init(
        split: .test, reference: .votes,
        evaluations: [plain("raw", 1776, 0.702, 0.902), plain("curated", 1776, 0.781, 0.711)]),
    ]
  }

  private static func plain(_ name: String, _ samples: Int, _ accuracy: Double, _ loss: Double)
    -> ReportContent.Evaluation
  {
    .init(name: name, samples: samples, accuracy: accuracy, macroF1: accuracy - 0.024, loss: loss)
  }

  private static func evaluation(_ name: String, _ accuracy: Double, _ loss: Double) -> ReportContent.Evaluation {
    let shift = [-0.07, -0.05, -0.17, 0.21, -0.09, 0.14, 0.0]
    let confusion = classes.indices.map { row in
      let hit = Int(Double(test[row]) * min(0.95, accuracy + shift[row]))
      let weights = classes.indices.map { row == $0 ? 0 : [9, 1, 7, 5, 10, 4, 11][$0] + (row * 5 + $0 * 3) % 7 }
      let sum = weights.reduce(0, +)
      return classes.indices.map { $0 == row ? hit : (test[row] - hit) * weights[$0] / sum }
    }
    return ReportContent.Evaluation(
      name: name, samples: 3589, accuracy: accuracy, macroF1: accuracy - 0.031, loss: loss,
      classes: classes.indices.map { index in
        let recall = min(0.95, accuracy + shift[index])
        let precision = min(0.95, accuracy + shift[index] * 0.6 + (index == 1 ? -0.06 : 0.01))
        return .init(
          label: classes[index], precision: precision, recall: recall,
          f1: 2 * precision * recall / (precision + recall), support: test[index])
      },
      confusion: .init(rows: classes, columns: classes, counts: confusion))
  }
}
