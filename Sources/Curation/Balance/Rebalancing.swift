/// The outcome of rebalancing: what stays, what goes, what is added.
public struct Rebalancing: Sendable {
  /// The counts, class by class.
  public let plan: BalancePlan
  /// Training samples that are left out, as changes for the dataset store, in order of id.
  public let dropped: [LabelChange]
  /// The copies to make, in order of parent and copy.
  public let derivations: [PlannedDerivation]
  /// Draws a copy again whose picture is there already.
  public let redraw: CopyRedraw
  /// The rows of the rebalanced dataset: first what stays, in the order of the input, then the copies.
  public let rows: [Row]

  /// One sample of the rebalanced dataset.
  public struct Row: Sendable, Hashable {
    /// The position of the sample, or of its parent, in the list that was rebalanced.
    public var source: Int
    /// The number of the copy, from 1; 0 for a sample that stays.
    public var copy: Int
  }

  init(
    plan: BalancePlan, samples: [Sample], dropped: [LabelChange], derivations: [PlannedDerivation], redraw: CopyRedraw
  ) {
    self.redraw = redraw
    self.plan = plan
    self.dropped = dropped
    self.derivations = derivations
    let gone = Set(dropped.map(\.sample))
    let positions = Dictionary(
      samples.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    rows =
      samples.indices.filter { !gone.contains(samples[$0].id) }.map { Row(source: $0, copy: 0) }
      + derivations.compactMap { planned in
        positions[planned.parent].map { Row(source: $0, copy: planned.copy) }
      }
  }

  /// A csv that names for every row of the result the row it comes from, as imbalanced-learn's `sample_indices_` does.
  ///
  /// - Parameter samples: The list that was rebalanced.
  public func sourceIndex(_ samples: [Sample]) -> String {
    CSVText.table(
      header: ["index", "source", "key", "copy", "label"],
      rows: rows.enumerated().lazy.map { index, row in
        let sample = samples[row.source]
        return ["\(index)", "\(row.source)", sample.key, "\(row.copy)", sample.label ?? ""]
      })
  }
}
