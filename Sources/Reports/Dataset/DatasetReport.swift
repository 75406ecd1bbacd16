public import Curation
import Foundation

/// Turns a dataset file into the content of its report: what it holds, what is doubted, what was changed and by whom.
///
/// Everything comes from the file, so that the report of a dataset can be made again at any time. What is not in it
/// (learning curves, evaluations) is for the caller to add.
public struct DatasetReport {
  /// What is true about samples, where it is known: judges the suggestions.
  public struct Truth: Sendable {
    /// Where it comes from: `votes`, the name of a truth file.
    public var reference: String
    /// The true class of samples, by id.
    public var classes: [Int64: String]

    /// Creates a truth.
    public init(reference: String, classes: [Int64: String]) {
      self.reference = reference
      self.classes = classes
    }
  }

  let store: DatasetStore
  let truth: Truth?
  let samples: [Int64: Sample]
  let classes: [String]

  /// Reads what every section needs.
  public init(_ store: DatasetStore, truth: Truth? = nil) throws {
    self.store = store
    self.truth = truth
    samples = Dictionary(uniqueKeysWithValues: try store.allSamples().map { ($0.id, $0) })
    classes = try store.classes()
  }

  /// The content of the report.
  ///
  /// - Parameters:
  ///   - title: The heading of the page.
  ///   - license: The licence of the pictures and labels, as the user names it.
  ///   - generatedAt: When it is made, as it shall be printed; nil keeps repeated reports byte-identical.
  public func content(title: String, license: String? = nil, generatedAt: String? = nil) throws -> ReportContent {
    let runs = try store.runs()
    let last = runs.last { $0.kind == "audit" && $0.finished != nil }
    return ReportContent(
      title: title, generatedAt: generatedAt, toolVersion: "fercure \(ToolVersion.current)",
      recipe: last.flatMap { $0.recipe == "{}" ? nil : Self.pretty($0.recipe) }, seed: last?.seed,
      dataset: try dataset(license: license),
      balance: try balance(), findings: try findings(runs), suggestions: try suggestions(), changes: try changes(runs),
      corrections: try corrections(), steps: Self.steps(runs), runs: Self.lines(of: runs))
  }

  // MARK: Dataset and balance

  private func dataset(license: String?) throws -> ReportContent.Dataset {
    let info = try store.info()
    let rejected = Dictionary(try store.rejections().map { ($0.source, 1) }, uniquingKeysWith: +)
    let present = samples.values.filter { !$0.excluded && $0.split == .train && $0.encoding != .derived }
    let byClass = Dictionary(grouping: present) { $0.label ?? "" }
    let examples = try classes.map { name in
      let members = (byClass[name] ?? []).sorted { $0.id < $1.id }
      // Evenly over the class rather than its first rows, which may be of one subject.
      let chosen = stride(from: 0, to: members.count, by: max(1, members.count / 8)).prefix(8).map { members[$0] }
      return ReportContent.Dataset.Examples(label: name, faces: try chosen.map { try face($0) })
    }
    return ReportContent.Dataset(
      samples: info.samples, excluded: info.excluded, classes: classes,
      splits: Split.allCases.compactMap { split in
        info.splits[split.rawValue].map { ReportContent.Dataset.SplitSize(split: split, samples: $0.total) }
      },
      sources: info.sources.map {
        ReportContent.Dataset.Source(
          name: $0.name, format: $0.kind, samples: $0.samples, rejected: rejected[$0.name] ?? 0)
      },
      sizes: info.sizes.map {
        ReportContent.Dataset.PictureSize(
          width: $0.width, height: $0.height, channels: $0.channels, samples: $0.samples)
      },
      imbalanceRatio: info.imbalanceRatio, examples: examples, license: license)
  }

  private func balance() throws -> ReportContent.Balance {
    var ingested: [Sample] = []
    let labels = try store.firstLabels()
    let splits = try store.firstValues(of: .split)
    for var sample in samples.values where sample.encoding != .derived {
      sample.label = labels[sample.id]
      sample.split = splits[sample.id].flatMap(Split.init(rawValue:)) ?? sample.split
      ingested.append(sample)
    }
    let present = samples.values.filter { !$0.excluded }
    var stages = [stage("as ingested", ingested), stage("now", present.filter { $0.encoding != .derived })]
    if present.contains(where: { $0.encoding == .derived }) { stages.append(stage("with copies", present)) }
    if stages[0].splits == stages[1].splits { stages.remove(at: 1) }
    return ReportContent.Balance(classes: classes, stages: stages)
  }

  private func stage(_ name: String, _ samples: [Sample]) -> ReportContent.Balance.Stage {
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var counts = Dictionary(uniqueKeysWithValues: Split.allCases.map { ($0, classes.map { _ in 0 }) })
    for sample in samples {
      if let number = sample.label.flatMap({ numbers[$0] }) { counts[sample.split]?[number] += 1 }
    }
    return ReportContent.Balance.Stage(
      name: name, splits: Split.allCases.map { ReportContent.Balance.Counts(split: $0, counts: counts[$0] ?? []) })
  }

  // MARK: Findings

  private func findings(_ runs: [Run]) throws -> [ReportContent.Check]? {
    guard runs.contains(where: { $0.kind == "check" }) else { return nil }
    let all = try store.findings()
    let meanings = Dictionary(uniqueKeysWithValues: Checks.all.map { ($0.name, $0.summary) })
    return try Checks.summaries(of: all).map { summary in
      let own = all.filter { $0.check == summary.check }
        .sorted { ($0.score, $0.group ?? "", $0.sample) < ($1.score, $1.group ?? "", $1.sample) }
      let examples = try own.prefix(12).compactMap { finding in
        try samples[finding.sample].map { try face($0, detail: finding.detail, group: finding.group) }
      }
      return ReportContent.Check(
        name: summary.check, meaning: meanings[summary.check], samples: summary.samples,
        groups: summary.groups == 0 ? nil : summary.groups, examples: examples)
    }
  }

  // MARK: Runs

  private static func steps(_ runs: [Run]) -> [ReportContent.Step] {
    var order: [String] = []
    var seconds: [String: Double] = [:]
    for run in runs where run.undoes == nil && run.kind != "review" {
      guard let start = try? Date(run.started, strategy: .iso8601),
        let end = run.finished.flatMap({ try? Date($0, strategy: .iso8601) })
      else { continue }
      if seconds[run.kind] == nil { order.append(run.kind) }
      seconds[run.kind, default: 0] += end.timeIntervalSince(start)
    }
    // Times are kept to the second: shorter steps would be drawn as nothing.
    return order.filter { (seconds[$0] ?? 0) >= 1 }.map { ReportContent.Step(name: $0, seconds: seconds[$0] ?? 0) }
  }

  private static func lines(of runs: [Run]) -> [ReportContent.RunLine] {
    runs.map { run in
      ReportContent.RunLine(
        number: run.id, kind: run.undoes.map { "undo of run \($0)" } ?? run.kind, started: run.started,
        outcome: run.finished == nil ? "not finished" : run.outcome ?? "", version: run.version)
    }
  }

  private static func pretty(_ json: String) -> String {
    guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
      let data = try? JSONSerialization.data(
        withJSONObject: value, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    else { return json }
    return String(decoding: data, as: UTF8.self)
  }

  // MARK: Faces

  func face(_ sample: Sample, detail: String? = nil, group: String? = nil) throws -> ReportContent.Face {
    ReportContent.Face(
      image: try store.image(of: sample), key: sample.key, split: sample.split.rawValue, label: sample.label,
      detail: detail, group: group)
  }
}
