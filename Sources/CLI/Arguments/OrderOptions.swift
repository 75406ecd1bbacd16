import ArgumentParser
import Curation

/// What a step that multiplies samples may pass over; what was passed over is recorded with the run.
struct OrderOptions: ParsableArguments {
  @Flag(help: "Go on although training shares pictures or groups with validation or test.")
  var allowLeak = false

  @Flag(help: "Go on although labels were audited and not yet resolved, or copies were made before.")
  var allowNoise = false

  /// Throws unless nothing speaks against the step or it was allowed; returns what was passed over.
  func check(_ store: DatasetStore, isRebalancing: Bool, console: Console) throws -> [String] {
    let violations = try OrderGuard.violations(in: store, isRebalancing: isRebalancing)
    let refused = violations.filter { !($0.kind == .leak ? allowLeak : allowNoise) }
    guard refused.isEmpty else { throw CLIError.outOfOrder(refused) }
    for violation in violations { console.note("allowed: \(violation)") }
    return violations.map(\.description)
  }
}
