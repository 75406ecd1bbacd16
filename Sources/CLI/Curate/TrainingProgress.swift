import Foundation
import Training

/// Shows a training as one bar, with a line for each epoch.
struct TrainingProgress {
  let title: String
  let console: Console
  private let bar: ProgressBar

  init(_ title: String, console: Console) {
    self.title = title
    self.console = console
    bar = ProgressBar(title, unit: "steps", console: console)
  }

  /// What a trainer tells.
  func observe(_ event: TrainingEvent) throws {
    switch event {
    case .startedFrom(let remarks):
      for remark in remarks { console.note(remark) }
    case .stepEnded(let step, let total, _):
      try bar.update(step, total)
    case .epochEnded(let metrics, let epochs, _, _):
      bar.clear()
      console.status(Self.line(title, metrics, of: epochs))
    }
  }

  /// An epoch as one line.
  static func line(_ title: String, _ metrics: EpochMetrics, of epochs: Int) -> String {
    var parts = [
      "\(title)  epoch \(metrics.epoch) of \(epochs)", "loss \(Numbers.decimal(metrics.trainLoss, places: 3))",
      "train \(Numbers.percent(metrics.trainAccuracy))",
    ]
    if let accuracy = metrics.validationAccuracy { parts.append("validation \(Numbers.percent(accuracy))") }
    if let relabelled = metrics.relabelled, relabelled > 0 {
      parts.append("relabelled \(Numbers.count(relabelled))")
    }
    parts.append(Numbers.duration(metrics.seconds))
    return parts.joined(separator: "  ")
  }
}
