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
    case .progress(let step, let done, let total): try show(step, unit: "samples", done, total)
    case .learning(let network, let step, let total): try show("Learning: \(network)", unit: "steps", step, total)
    case .epoch(let network, let epoch):
      bar?.clear()
      let relabelled = epoch.relabelled > 0 ? "  doubts \(Numbers.count(epoch.relabelled)) labels" : ""
      console.status(
        "\(network)  epoch \(epoch.epoch) of \(epoch.epochs)  "
          + "loss \(Numbers.decimal(epoch.loss, places: 3))  train \(Numbers.percent(epoch.accuracy))\(relabelled)")
    }
  }

  private func show(_ step: String, unit: String, _ done: Int, _ total: Int?) throws {
    if step != title {
      bar?.finish()
      bar = ProgressBar(step, unit: unit, console: console)
      title = step
    }
    try bar?.update(done, total)
  }

  /// Leaves the last bar's final count on the screen.
  func finish() { bar?.finish() }
}
