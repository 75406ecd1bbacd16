import Auditing
import Curation
import Foundation
import Imaging
import Reports
import Training

/// Turns the outcome of a curate run into the content of its report.
struct CurateReport {
  private let run: CurateRun
  private let outcome: CurateRun.Outcome
  private let truth: SuggestionTruth?
  private let samples: [Int64: Sample]
  private let classes: [String]

  init(run: CurateRun, outcome: CurateRun.Outcome, truth: SuggestionTruth?) throws {
    self.run = run
    self.outcome = outcome
    self.truth = truth
    samples = Dictionary(uniqueKeysWithValues: try outcome.raw.allSamples().map { ($0.id, $0) })
    classes = try outcome.raw.classes()
  }

  /// The content.
  func content() throws -> ReportContent {
    ReportContent(
      title: run.sources.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", "),
      generatedAt: Date().formatted(.iso8601), toolVersion: ToolVersion.current,
      recipe: try RecipeFile.yaml(run.recipe), seed: run.recipe.seed, dataset: try dataset(), balance: try balance(),
      findings: try findings(), suggestions: try suggestions(), changes: try changes(), training: training(),
      evaluations: ReportContent.Comparison.all(of: outcome.evaluations, classes: classes),
      steps: outcome.steps.map { ReportContent.Step(name: $0.name, seconds: $0.seconds) },
      commands: commands())
  }

  // MARK: Dataset and balance

  private func dataset() throws -> ReportContent.Dataset {
    let info = try outcome.raw.info()
    let rejected = Dictionary(
      try outcome.raw.rejections().map { ($0.source, 1) }, uniquingKeysWith: +)
    let byClass = Dictionary(grouping: samples.values.filter { $0.split == .train && $0.label != nil }) {
      $0.label ?? ""
    }
    let examples = try classes.map { name in
      let members = (byClass[name] ?? []).sorted { $0.id < $1.id }
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
      imbalanceRatio: info.imbalanceRatio, examples: examples)
  }

  private func balance() throws -> ReportContent.Balance {
    func counts(_ samples: [Sample]) -> [ReportContent.Balance.Counts] {
      Split.allCases.map { split in
        let members = samples.filter { $0.split == split }
        return ReportContent.Balance.Counts(
          split: split, counts: classes.map { name in members.count { $0.label == name } })
      }
    }
    let curated = try outcome.curated.samples()
    return ReportContent.Balance(
      classes: classes,
      stages: [
        ReportContent.Balance.Stage(name: "as ingested", splits: counts(try outcome.raw.samples())),
        ReportContent.Balance.Stage(name: "resolved", splits: counts(curated.filter { $0.encoding != .derived })),
        ReportContent.Balance.Stage(name: "rebalanced", splits: counts(curated)),
      ])
  }

  // MARK: Findings, suggestions, changes

  private func findings() throws -> [ReportContent.Check] {
    let meanings = Dictionary(uniqueKeysWithValues: Checks.all.map { ($0.name, $0.summary) })
    return try Checks.summaries(of: outcome.findings).map { summary in
      let own = outcome.findings.filter { $0.check == summary.check }
        .sorted { ($0.score, $0.group ?? "", $0.sample) < ($1.score, $1.group ?? "", $1.sample) }
      let examples = try own.prefix(12).compactMap { finding in
        try samples[finding.sample].map { try face($0, detail: finding.detail, group: finding.group) }
      }
      return ReportContent.Check(
        name: summary.check, meaning: meanings[summary.check], samples: summary.samples,
        groups: summary.groups == 0 ? nil : summary.groups, examples: examples)
    }
  }

  private func suggestions() throws -> ReportContent.Suggestions {
    let all = try outcome.curated.suggestions()
    var tallies: [String: ReportContent.Suggestions.Tally] = [:]
    var noise = classes.map { _ in classes.map { _ in 0 } }
    for suggestion in all {
      let key = "\(suggestion.verdict.rawValue) \(suggestion.state.rawValue)"
      tallies[key, default: .init(verdict: suggestion.verdict, state: suggestion.state, count: 0)].count += 1
      if let from = classes.firstIndex(of: suggestion.from),
        let to = suggestion.to.flatMap({ classes.firstIndex(of: $0) })
      {
        noise[from][to] += 1
      }
    }
    let top = try all.filter { samples[$0.sample]?.split == .train }.prefix(48).compactMap { suggestion in
      try samples[suggestion.sample].map { sample in
        ReportContent.Suggestions.Top(
          face: try face(sample), given: suggestion.from, suggested: suggestion.to, verdict: suggestion.verdict,
          confidence: suggestion.confidence, importance: suggestion.signals.importance,
          probabilities: suggestion.signals.probabilities, state: suggestion.state, decidedBy: suggestion.decidedBy,
          evidence: truth?.classes[sample.id].map { "\(truth?.reference ?? "truth"): \($0)" })
      }
    }
    return ReportContent.Suggestions(
      audited: outcome.audit.scores.count,
      tallies: tallies.sorted { $0.key < $1.key }.map(\.value),
      noise: ReportContent.LabelMatrix(rows: classes, columns: classes, counts: noise),
      confidences: ReportContent.Histogram(of: all.map(\.confidence)), acceptedAbove: run.recipe.resolve.acceptAbove,
      top: Array(top), quality: quality())
  }

  private func quality() -> ReportContent.Quality? {
    guard let truth else { return nil }
    let known = outcome.audit.suggestions.filter { truth.classes[$0.sample] != nil }
    let bins = stride(from: 3, to: 10, by: 1).map { tenth -> ReportContent.Quality.Bin in
      let (lower, upper) = (Double(tenth) / 10, Double(tenth + 1) / 10)
      let members = known.filter { $0.confidence >= lower && ($0.confidence < upper || tenth == 9) }
      return ReportContent.Quality.Bin(
        lower: lower, upper: upper, suggestions: members.count,
        correct: members.count { $0.to == truth.classes[$0.sample] })
    }
    let total = truth.quality(of: outcome.audit.suggestions, minimumConfidence: 0)
    return ReportContent.Quality(
      reference: truth.reference, bins: bins, knownErrors: total.wrong, foundErrors: total.found)
  }

  private func changes() throws -> [ReportContent.Change] {
    struct Key: Hashable {
      let actor: String
      let kind: ReportContent.Change.Kind
      let from: String?
      let to: String?
    }
    var counts: [Key: Int] = [:]
    for run in try outcome.curated.runs() where run.kind != "ingest" {
      for event in try outcome.curated.events(run: run.id) where samples[event.sample] != nil {
        let key: Key? =
          switch event.field {
          case .label:
            event.from == nil ? nil : Key(actor: event.actor, kind: .relabelled, from: event.from, to: event.to)
          case .split: Key(actor: event.actor, kind: .moved, from: event.from, to: event.to)
          case .excluded:
            Key(
              actor: event.actor, kind: event.to == "true" ? .excluded : .restored,
              from: samples[event.sample]?.label, to: nil)
          }
        if let key { counts[key, default: 0] += 1 }
      }
    }
    return counts.sorted { ($0.value, $1.key.actor) > ($1.value, $0.key.actor) }.map { key, count in
      ReportContent.Change(actor: key.actor, kind: key.kind, from: key.from, to: key.to, samples: count)
    }
  }

  // MARK: Training and evaluation

  private func training() -> [ReportContent.TrainingRun] {
    func epochs(_ history: [EpochMetrics]) -> [ReportContent.TrainingRun.Epoch] {
      history.map {
        ReportContent.TrainingRun.Epoch(
          number: $0.epoch, trainLoss: $0.trainLoss, validationLoss: $0.validationLoss,
          trainAccuracy: $0.trainAccuracy, validationAccuracy: $0.validationAccuracy, learningRate: $0.learningRate)
      }
    }
    func one(_ name: String, _ role: ReportContent.TrainingRun.Role, _ training: TrainingOutcome)
      -> ReportContent.TrainingRun
    {
      ReportContent.TrainingRun(
        name: name, role: role, model: training.model.card.model, epochs: epochs(training.history),
        bestEpoch: training.model.card.epoch, seconds: training.history.reduce(0) { $0 + $1.seconds })
    }
    let folds = outcome.audit.histories.enumerated().map { fold, history in
      ReportContent.TrainingRun(
        name: "fold \(fold + 1)", role: .audit, model: run.recipe.audit.train.model, epochs: epochs(history),
        seconds: history.reduce(0) { $0 + $1.seconds })
    }
    return [one("raw", .raw, outcome.rawTraining), one("curated", .curated, outcome.curatedTraining)] + folds
  }

  // MARK: Faces and commands

  private func face(_ sample: Sample, detail: String? = nil, group: String? = nil) throws -> ReportContent.Face {
    ReportContent.Face(
      image: try outcome.raw.image(of: sample), key: sample.key, split: sample.split.rawValue, label: sample.label,
      detail: detail, group: group)
  }

  private func commands() -> [String] {
    let votes = run.votes.map { " --votes \($0)" }.joined()
    let folder = run.folder.path
    return [
      "fercure curate \(run.sources.joined(separator: " "))\(votes) --into \(folder)",
      "fercure suggestions \(run.folder.curated) --state open",
      "fercure resolve \(run.folder.curated) --from decisions.csv",
      "fercure evaluate \(run.folder.model) \(run.folder.curated) --split test",
    ]
  }
}
