import Curation

extension DatasetReport {
  /// What was changed and by whom, what was taken back left out; nil when the dataset was never worked on.
  func changes(_ runs: [Run]) throws -> [ReportContent.Change]? {
    guard runs.contains(where: { $0.kind != "ingest" }) else { return nil }
    struct Way: Hashable {
      let actor: String
      let kind: ReportContent.Change.Kind
      let from: String?
      let to: String?
    }
    let effective = Set(runs.filter { $0.undoes == nil && Self.stands($0.id, among: runs) }.map(\.id))
    var last: [String: (sample: Int64, field: LabelChange.Field, from: String?, to: String?, actor: String)] = [:]
    // Of several changes to one field of one sample the sum counts, for the one who made the last.
    for event in try store.events(run: nil) where samples[event.sample]?.encoding != .derived {
      let isFirst = event.from == nil && event.field != .excluded
      guard event.actor != "ingest", !isFirst, event.run.map({ effective.contains($0) }) ?? true else { continue }
      let target = "\(event.sample) \(event.field.rawValue)"
      last[target] = (event.sample, event.field, last[target].map(\.from) ?? event.from, event.to, event.actor)
    }
    var counts: [Way: Int] = [:]
    for change in last.values where change.from != change.to {
      let label = samples[change.sample]?.label
      let way =
        switch change.field {
        case .label: Way(actor: change.actor, kind: .relabelled, from: change.from, to: change.to)
        case .split: Way(actor: change.actor, kind: .moved, from: change.from, to: change.to)
        case .excluded:
          Way(actor: change.actor, kind: change.to == "true" ? .excluded : .restored, from: label, to: nil)
        }
      counts[way, default: 0] += 1
    }
    return counts.sorted {
      ($1.value, $0.key.actor, $0.key.from ?? "", $0.key.to ?? "")
        < ($0.value, $1.key.actor, $1.key.from ?? "", $1.key.to ?? "")
    }.map { way, count in
      ReportContent.Change(actor: way.actor, kind: way.kind, from: way.from, to: way.to, samples: count)
    }
  }

  /// First label against present label of all samples whose label changed; nil when none did.
  func corrections() throws -> ReportContent.LabelMatrix? {
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let firstLabels = try store.firstLabels()
    var counts = classes.map { _ in classes.map { _ in 0 } }
    var isChanged = false
    for sample in samples.values where sample.encoding != .derived && !sample.excluded {
      guard let from = firstLabels[sample.id].flatMap({ numbers[$0] }),
        let to = sample.label.flatMap({ numbers[$0] }), from != to
      else { continue }
      counts[from][to] += 1
      isChanged = true
    }
    return isChanged ? ReportContent.LabelMatrix(rows: classes, columns: classes, counts: counts) : nil
  }

  /// Whether a run is in effect: not taken back by an undo that itself stands.
  private static func stands(_ run: Int64, among runs: [Run]) -> Bool {
    !runs.contains { $0.undoes == run && stands($0.id, among: runs) }
  }
}
