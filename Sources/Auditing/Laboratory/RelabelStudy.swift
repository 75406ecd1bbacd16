public import Curation
public import Foundation
public import Training

/// What SCN's relabelling would have done under other settings, replayed from what a network said epoch by epoch.
///
/// A network is trained once on all samples, without relabelling; then every setting is asked what it would have relabelled and
/// to what, and known votes say how often that is right. What a relabel would have done to the epochs after it is not
/// replayed: each setting is judged by its decisions.
public struct RelabelStudy: Sendable {
  /// One setting of SCN's relabelling.
  public struct Setting: Sendable, Codable, Hashable {
    /// beta: the share that counts as important, and is spared with the scope `low-importance`.
    public var ratio: Double
    /// delta2: how far the best class must be ahead.
    public var margin: Double
    /// The first epoch that relabels, counted from 1.
    public var from: Int
    /// Who may be relabelled.
    public var scope: SelfCureRecipe.RelabelScope
  }

  /// What a setting did.
  public struct Outcome: Sendable, Codable, Equatable {
    /// The setting.
    public var setting: Setting
    /// Labels changed.
    public var changed: Int
    /// Changed labels whose truth is known.
    public var judged: Int
    /// Of these, those changed to the true class.
    public var right: Int
    /// Of these, those that had been right.
    public var harmful: Int
    /// The changed labels by sample; they are not written.
    public var labels: [Int64: Int] = [:]

    private enum CodingKeys: CodingKey {
      case setting, changed, judged, right, harmful
    }

    /// Share of the judged changes that are right.
    public var precision: ShareInterval { ShareInterval(right: right, of: judged) }
  }

  private let recipe: AuditRecipe
  private let seed: UInt64

  /// - Parameter recipe: how the network trains; its relabelling is switched off.
  public init(recipe: AuditRecipe, seed: UInt64) {
    var recipe = recipe
    recipe.selfCure.relabels = false
    recipe.usesVotes = false
    recipe.injected = 0
    self.recipe = recipe
    self.seed = seed
  }

  /// The settings that are tried: the recipe's own, and every value of one parameter with its own for the others, for both scopes.
  public static func settings(around recipe: AuditRecipe) -> [Setting] {
    let epochs = recipe.train.epochs
    let own = Setting(
      ratio: rounded(recipe.selfCure.ratio), margin: rounded(recipe.selfCure.relabelMargin),
      from: min(recipe.selfCure.relabelFrom, epochs), scope: recipe.selfCure.relabelScope)
    var result = [own]
    for scope in SelfCureRecipe.RelabelScope.allCases {
      var base = own
      base.scope = scope
      result.append(base)
      for margin in [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5] {
        result.append(Setting(ratio: base.ratio, margin: margin, from: base.from, scope: scope))
      }
      for from in stride(from: 2, through: epochs, by: max(1, epochs / 6)) {
        result.append(Setting(ratio: base.ratio, margin: base.margin, from: from, scope: scope))
      }
      guard scope == .lowImportance else { continue }
      for ratio in [0.5, 0.6, 0.7, 0.8, 0.9] {
        result.append(Setting(ratio: ratio, margin: base.margin, from: base.from, scope: scope))
      }
    }
    var seen: Set<Setting> = []
    return result.filter { seen.insert($0).inserted }
  }

  /// Some outcomes that differ in how much they change, from least to most, the first one among them.
  ///
  /// - Parameter outcomes: of `settings(around:)`, whose first is the recipe's own.
  public static func spread(_ outcomes: [Outcome], count: Int) -> [Outcome] {
    guard count > 0, let own = outcomes.first else { return [] }
    // What changes nothing is what raw labels are.
    guard own.changed > 0 else { return spread(Array(outcomes.dropFirst()), count: count) }
    var open = outcomes.dropFirst().filter { $0.labels != own.labels && $0.changed > 0 }
    var chosen = [own]
    let (least, most) = (open.map(\.changed).min() ?? 0, open.map(\.changed).max() ?? 0)
    for step in 0..<(count - 1) {
      let wanted = Double(least) + Double(most - least) * Double(step) / Double(max(1, count - 2))
      guard let next = open.min(by: { abs(Double($0.changed) - wanted) < abs(Double($1.changed) - wanted) }) else {
        break
      }
      chosen.append(next)
      open.removeAll { $0.labels == next.labels }
    }
    return chosen.sorted { $0.changed < $1.changed }
  }

  private static func rounded(_ value: Float) -> Double { (Double(value) * 1e4).rounded() / 1e4 }

  /// Trains and replays.
  ///
  /// - Parameters:
  ///   - truth: the true label of samples, where it is known.
  ///   - work: where the training keeps its state.
  public func run(
    _ source: some SampleSource, truth: [Int64: String], settings: [Setting], work: URL,
    observe: (AuditEvent) throws -> Void
  ) throws -> [Outcome] {
    let recorder = EvidenceRecorder(recipe: recipe, seed: seed, work: work)
    let network = AuditNetwork(part: .whole, training: recipe.train, selfCure: recipe.selfCure, number: 0)
    let (evidence, histories) = try recorder.record(source, votes: [:], networks: [network], observe: observe)
    let number = Dictionary(uniqueKeysWithValues: evidence.classes.enumerated().map { ($1, $0) })
    let known = evidence.samples.map { truth[$0.id].flatMap { number[$0] } }
    var outcomes = settings.map { Outcome(setting: $0, changed: 0, judged: 0, right: 0, harmful: 0) }
    let members = evidence.labels.indices.filter(evidence.isTraining)
    let files = NetworkFiles(folder: work, part: .whole)
    var replays = settings.map { Replay(setting: $0, labels: members.map { evidence.labels[$0] }) }
    for epoch in 1...max(1, histories[0].count) {
      let recording = try files.readTraining(epoch)
      for index in replays.indices {
        replays[index].observe(recording, epoch: epoch, classes: evidence.classes.count)
      }
    }
    for (index, replay) in replays.enumerated() {
      for (row, sample) in members.enumerated() where replay.labels[row] != evidence.labels[sample] {
        outcomes[index].changed += 1
        outcomes[index].labels[evidence.samples[sample].id] = replay.labels[row]
        guard let truth = known[sample] else { continue }
        outcomes[index].judged += 1
        if replay.labels[row] == truth { outcomes[index].right += 1 }
        if evidence.labels[sample] == truth { outcomes[index].harmful += 1 }
      }
    }
    return outcomes
  }

  /// The working labels of one network under one setting.
  struct Replay {
    let setting: Setting
    var labels: [Int]

    /// Looks at one epoch.
    ///
    /// A batch's low-importance group is the lowest share of it; of an epoch it is the same share.
    mutating func observe(_ recording: EpochRecording, epoch: Int, classes: Int) {
      guard epoch >= setting.from else { return }
      let seen = labels.indices.filter { recording.isSeen[$0] }
      var threshold = Float.infinity
      if setting.scope == .lowImportance, !recording.importance.isEmpty, !seen.isEmpty {
        let sorted = seen.map { recording.importance[$0] }.sorted()
        threshold = sorted[min(sorted.count - 1, Int((1 - setting.ratio) * Double(sorted.count)))]
      }
      var p = [Double](repeating: 0, count: classes)
      var weighted = [Float](repeating: 0, count: classes)
      for row in seen {
        let importance = recording.importance.isEmpty ? 1 : recording.importance[row]
        guard setting.scope == .any || importance < threshold else { continue }
        // SCN looks at the softmax of the weighted logits.
        for k in 0..<classes { weighted[k] = importance * recording.logits[row * classes + k] }
        softmax(weighted, classes, into: &p)
        guard let best = p.indices.max(by: { p[$0] < p[$1] }), p[best] - p[labels[row]] > setting.margin else {
          continue
        }
        labels[row] = best
      }
    }
  }
}
