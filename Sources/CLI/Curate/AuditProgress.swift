import Auditing

/// Shows an audit as one bar a step, with a line for each epoch.
final class AuditProgress {
  private let console: Console
  private var bar: ProgressBar?
  private var title = ""

  init(console: Console) { self.console = console }

  /// What an audit tells.
  func observe(_ event: AuditEvent) throws {
    switch event {
    case .progress(let step, let done, let total):
      if step != title {
        bar?.finish()
        bar = ProgressBar(step, unit: step.hasPrefix("Learning") ? "steps" : "samples", console: console)
        title = step
      }
      try bar?.update(done, total)
    case .epoch(let network, let epoch):
      bar?.clear()
      let relabelled = epoch.relabelled > 0 ? "  doubts \(Numbers.count(epoch.relabelled)) labels" : ""
      console.status(
        "\(network)  epoch \(epoch.epoch) of \(epoch.epochs)  "
          + "loss \(Numbers.decimal(epoch.loss, places: 3))  train \(Numbers.percent(epoch.accuracy))\(relabelled)")
    }
  }

  /// Leaves the last bar's final count on the screen.
  func finish() { bar?.finish() }
}
