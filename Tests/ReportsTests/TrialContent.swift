import Curation
import Foundation
import Imaging

@testable import Reports

/// A report as one of FER2013 would look; the figures are invented and plausible, not measured.
enum TrialContent {
  static let classes = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
  static let train = [3995, 436, 4097, 7215, 4830, 3171, 4965]
  static let resolved = [3802, 398, 3860, 7248, 4655, 3240, 5301]
  static let validation = [467, 56, 496, 895, 653, 415, 607]
  static let test = [491, 55, 528, 879, 594, 416, 626]

  /// All of it: every section has data.
  static var full: ReportContent {
    ReportContent(
      title: "FER2013, curated", generatedAt: "2025-11-24T09:30:00Z", toolVersion: "fercure 0.1.0", recipe: recipe,
      seed: 20_251_124, dataset: dataset, balance: balance, findings: findings, suggestions: suggestions,
      changes: changes, training: training, evaluations: evaluations, explanations: explanations,
      steps: [
        .init(name: "ingest", seconds: 2.31), .init(name: "check", seconds: 1.94), .init(name: "audit", seconds: 1893),
        .init(name: "resolve", seconds: 0.42), .init(name: "rebalance", seconds: 0.81),
        .init(name: "export", seconds: 6.7), .init(name: "train raw", seconds: 1204),
        .init(name: "train curated", seconds: 1377), .init(name: "evaluate", seconds: 18.2),
      ],
      commands: [
        "fercure curate fer2013.csv --votes votes.csv --into result --recipe recipe.yaml --seed 20251124",
        "fercure suggestions result/curated.fercure --state open --min-confidence 0.5",
        "fercure review result/curated.fercure --port 8080",
      ])
  }

  static let recipe = """
    audit:
      auditors: [self-cure, confident-learning]
      folds: 5
      epochs: 12
    resolve:
      acceptAbove: 0.85
    rebalance:
      method: oversample
      strategy: median
    train:
      model: resnet18
      epochs: 20
    """

  static var dataset: ReportContent.Dataset {
    ReportContent.Dataset(
      samples: 35_875, excluded: 12, classes: classes,
      splits: [
        .init(split: .train, samples: 28_697), .init(split: .validation, samples: 3589),
        .init(split: .test, samples: 3589),
      ],
      sources: [
        .init(name: "fer2013.csv", format: "fer-csv", samples: 35_887),
        .init(name: "more-faces/", format: "image-folder", samples: 0, rejected: 3),
      ],
      sizes: [.init(width: 48, height: 48, channels: 1, samples: 35_887)], imbalanceRatio: 7215.0 / 436,
      examples: classes.enumerated().map { expression, label in
        .init(label: label, faces: (0..<8).map { DrawnFace.face(expression, $0 + expression * 8) })
      })
  }

  static var balance: ReportContent.Balance {
    let rest: [ReportContent.Balance.Counts] = [
      .init(split: .validation, counts: validation), .init(split: .test, counts: test),
    ]
    return ReportContent.Balance(
      classes: classes,
      stages: [
        .init(name: "before", splits: [.init(split: .train, counts: train)] + rest),
        .init(name: "after resolve", splits: [.init(split: .train, counts: resolved)] + rest),
        .init(
          name: "after rebalance",
          splits: [.init(split: .train, counts: [3860, 3860, 3860, 7248, 4655, 3860, 5301])] + rest),
      ])
  }

  static var findings: [ReportContent.Check] {
    [
      .init(
        name: "exact-duplicates", meaning: "Byte-identical pictures: training on them twice weighs them double.",
        samples: 3369, groups: 1516,
        examples: (0..<12).map { DrawnFace.face($0 / 3, $0 / 3, label: classes[$0 / 3], group: "g\($0 / 3)") }),
      .init(
        name: "conflicting-duplicates", meaning: "The same picture with different labels: at least one is wrong.",
        samples: 134, groups: 57,
        examples: (0..<8).map { DrawnFace.face($0 / 2, $0 / 2 + 20, label: classes[$0 % 7], group: "c\($0 / 2)") }),
      .init(
        name: "leaks-across-splits",
        meaning: "Test or validation rows with a copy in training: their score is flattered.",
        samples: 1180, groups: 557,
        examples: (0..<8).map {
          DrawnFace.face(
            $0 / 2 + 2, $0 / 2 + 40, label: classes[$0 / 2 + 2], detail: $0 % 2 == 0 ? "train" : "test",
            group: "l\($0 / 2)")
        }),
      .init(
        name: "blank", meaning: "Pictures of a single value.", samples: 12,
        examples: (0..<12).map { number in
          ReportContent.Face(
            image: Image(height: 48, width: 48, filledWith: UInt8(number % 3 * 20)), key: "row-\(number)",
            label: classes[number % 7])
        }),
      .init(
        name: "blurry", samples: 96, examples: (0..<12).map { DrawnFace.face($0 % 7, $0 + 60, label: classes[$0 % 7]) }),
      .init(name: "odd-size", samples: 0), .init(name: "bright", samples: 0),
    ]
  }

  static var changes: [ReportContent.Change] {
    [
      .init(actor: "rule accept-above 0.85", from: "fear", to: "surprise", samples: 212),
      .init(actor: "rule accept-above 0.85", from: "sad", to: "neutral", samples: 301),
      .init(actor: "rule accept-above 0.85", from: "angry", to: "neutral", samples: 158),
      .init(actor: "rule accept-above 0.85", from: "fear", to: "sad", samples: 66),
      .init(actor: "reviewer Ada", from: "disgust", to: "angry", samples: 38),
      .init(actor: "reviewer Ada", from: "neutral", to: "happy", samples: 41),
      .init(actor: "rule not-a-face", kind: .excluded, from: "neutral", samples: 9),
      .init(actor: "rule not-a-face", kind: .excluded, from: "sad", samples: 3),
    ]
  }
}
