import Curation

/// What two datasets do not have in common; samples are matched by key.
struct DatasetDiff: Encodable {
  /// Samples before and after, excluded ones left out.
  var samplesBefore = 0
  var samplesAfter = 0
  /// Keys that only one of the two has, or that the other excludes.
  var removed: [String] = []
  var added: [String] = []
  /// Of the added ones: samples that are derived from a parent.
  var addedDerived = 0
  /// Samples of both with other pixels, another label or split.
  var otherPixels: [String] = []
  var moved: [Change] = []
  var relabelled: [Change] = []
  /// The changes of labels, the most frequent first.
  var transitions: [ResolvePlan.Transition] = []
  /// The share of all keys that differ in any way.
  var changedShare = 0.0

  /// One value of a sample, before and after.
  struct Change: Encodable {
    var key: String
    var from: String?
    var to: String?
  }

  init(before: DatasetStore, after: DatasetStore) throws {
    // Of keys that read alike the first counts.
    let old = Dictionary(try before.samples().map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(try after.samples().map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    samplesBefore = old.count
    samplesAfter = new.count
    removed = old.keys.filter { new[$0] == nil }.sorted()
    added = new.keys.filter { old[$0] == nil }.sorted()
    addedDerived = added.count { new[$0]?.encoding == .derived }
    var changed: Set<String> = []
    for key in old.keys.sorted() {
      guard let was = old[key], let now = new[key] else { continue }
      if was.pixelHash != now.pixelHash { otherPixels.append(key) }
      if was.split != now.split { moved.append(Change(key: key, from: was.split.rawValue, to: now.split.rawValue)) }
      if was.label != now.label { relabelled.append(Change(key: key, from: was.label, to: now.label)) }
      if was.pixelHash != now.pixelHash || was.split != now.split || was.label != now.label { changed.insert(key) }
    }
    transitions = Dictionary(grouping: relabelled) { [$0.from, $0.to] }
      .map { ResolvePlan.Transition(from: $0.key[0], to: $0.key[1], count: $0.value.count) }
      .sorted { ($1.count, $0.from ?? "", $0.to ?? "") < ($0.count, $1.from ?? "", $1.to ?? "") }
    let keys = Set(old.keys).union(new.keys).count
    changedShare = keys == 0 ? 0 : Double(changed.count + removed.count + added.count) / Double(keys)
  }
}

/// What `fercure diff` prints for a person.
struct DiffText {
  private let diff: DatasetDiff
  private let before: String
  private let after: String

  init(_ diff: DatasetDiff, before: String, after: String) {
    self.diff = diff
    self.before = before
    self.after = after
  }

  /// Counts and the changes of labels, as text or as Markdown tables.
  func text(asMarkdown: Bool) -> String {
    var counts = TextTable(header: ["difference", "samples"])
    counts.rows = [
      ("in \(before)", diff.samplesBefore), ("in \(after)", diff.samplesAfter), ("removed", diff.removed.count),
      ("added", diff.added.count), ("of these derived", diff.addedDerived), ("other pixels", diff.otherPixels.count),
      ("moved to another split", diff.moved.count), ("relabelled", diff.relabelled.count),
    ].map { [$0.0, Numbers.count($0.1)] }
    var labels = TextTable(header: ["from", "to", "samples"])
    labels.rows = diff.transitions.map { [$0.from ?? "(none)", $0.to ?? "(none)", Numbers.count($0.count)] }
    let tables = labels.rows.isEmpty ? [counts] : [counts, labels]
    return tables.map { asMarkdown ? $0.markdown : $0.text }.joined(separator: "\n\n")
  }
}
