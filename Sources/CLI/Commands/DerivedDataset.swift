import Curation

/// Writes a new dataset that is a copy of another one with samples left out and derived samples added.
struct DerivedDataset {
  /// Where it goes.
  var path: String
  /// Takes the place of a dataset that is there already.
  var overwrite: Bool
  /// The step: `rebalance` or `augment`.
  var kind: String
  var console: Console

  /// Copies the dataset and applies the changes in a run of their own.
  ///
  /// The file appears under its name when all of it is done, so that the same command can be given again.
  /// - Returns: What the new dataset holds.
  func write(
    from source: DatasetStore, recipe: some Encodable, seed: UInt64, dropped: [LabelChange] = [],
    derivations: [PlannedDerivation], redraw: CopyRedraw
  ) throws -> DatasetInfo {
    try source.copy(to: path, replacing: overwrite) { target in
      try DerivedSamples(kind: kind, dropped: dropped, derivations: derivations, redraw: redraw)
        .add(to: target, recipe: recipe, seed: seed, console: console)
      return try target.info()
    }
  }
}

/// Samples that are left out of a dataset and those that are derived in it, in one run.
struct DerivedSamples {
  /// The step: `rebalance` or `augment`.
  var kind: String
  var dropped: [LabelChange]
  var derivations: [PlannedDerivation]
  var redraw: CopyRedraw

  /// Changes a dataset.
  func add(to target: DatasetStore, recipe: some Encodable, seed: UInt64, console: Console) throws {
    let run = try target.beginRun(kind: kind, recipe: recipe, seed: seed)
    let actor = "rule \(kind)"
    try target.apply(dropped, actor: actor, run: run.id)
    try withProgress("Rendering copies", console: console) { progress in
      try target.addDerived(
        derivations.map(\.derivation), actor: actor, run: run.id, reason: "made by \(kind)", redraw: redraw,
        progress: progress)
    }
    try target.finish(
      run, outcome: "\(Numbers.count(derivations.count)) added, \(Numbers.count(dropped.count)) left out")
  }
}
