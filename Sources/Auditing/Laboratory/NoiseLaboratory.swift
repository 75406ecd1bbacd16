public import Curation
public import Foundation
public import Training

/// Makes trusted labels wrong, audits them, and counts who noticed.
public struct NoiseLaboratory: Sendable {
  private let recipe: AuditRecipe
  private let seed: UInt64

  /// - Parameter recipe: how the audits train; its votes are not used: nothing is known but labels.
  public init(recipe: AuditRecipe, seed: UInt64) {
    var recipe = recipe
    recipe.usesVotes = false
    self.recipe = recipe
    self.seed = seed
  }

  /// How one auditor did at one rate.
  public struct Outcome: Sendable, Codable, Equatable {
    /// The auditor.
    public var auditor: String
    /// Labels made wrong.
    public var flipped: Int
    /// Labels that the auditor calls wrong.
    public var flagged: Int
    /// Of these, those that are.
    public var found: Int
    /// Of these, those for which it names the true class.
    public var corrected: Int
    /// How well its ranking tells wrong from right labels, within each class.
    public var area: Double

    /// Share of the flagged labels that are wrong.
    public var precision: Double { flagged == 0 ? 0 : Double(found) / Double(flagged) }
    /// Share of the wrong labels that are flagged.
    public var recall: Double { flipped == 0 ? 0 : Double(found) / Double(flipped) }
    /// Harmonic mean of both.
    public var f1: Double { found == 0 ? 0 : 2 * precision * recall / (precision + recall) }
    /// Share of the wrong labels for which the true class is named.
    public var relabelAccuracy: Double { flipped == 0 ? 0 : Double(corrected) / Double(flipped) }
    /// Share of the flagged labels for which the true class is named: how often a relabel that is followed is right.
    public var relabelPrecision: Double { flagged == 0 ? 0 : Double(corrected) / Double(flagged) }
  }

  /// Audits a dataset whose labels are trusted under noise at one rate.
  ///
  /// - Parameters:
  ///   - source: samples and pictures.
  ///   - trusted: the true label of each sample that takes part, by id.
  ///   - work: where the audit keeps its state.
  public func run(
    _ source: some SampleSource, trusted: [Int64: String], noise: LabelNoise, rate: Double, work: URL,
    observe: (AuditEvent) throws -> Void
  ) throws -> [Outcome] {
    let classes = try source.classes()
    let number = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let samples = try Self.members(of: source, trusted)
    let truth = samples.map { number[trusted[$0.id] ?? ""] ?? 0 }
    let wrong = noise.applied(to: truth, classes: classes.count, rate: rate, seed: seed)
    let labels = Dictionary(uniqueKeysWithValues: zip(samples, wrong).map { ($0.id, classes[$1]) })
    let (evidence, _) = try EvidenceRecorder(recipe: recipe, seed: seed, work: work)
      .record(RelabelledSource(source, labels: labels), votes: [:], observe: observe)
    let byID = Dictionary(uniqueKeysWithValues: zip(samples, truth).map { ($0.id, $1) })
    return try Self.compare(evidence, truth: evidence.samples.map { byID[$0.id] ?? 0 }, recipe: recipe)
  }

  /// Noise that falls on the faces that networks, trained on the trusted labels, are least sure of when they held them out.
  public func instanceNoise(
    _ source: some SampleSource, trusted: [Int64: String], work: URL, observe: (AuditEvent) throws -> Void
  ) throws -> LabelNoise {
    let members = Set(try Self.members(of: source, trusted).map(\.id))
    let (evidence, _) = try EvidenceRecorder(recipe: recipe, seed: seed, work: work).record(
      RelabelledSource(source, labels: trusted.filter { members.contains($0.key) }), votes: [:], observe: observe)
    return .instance(evidence.probabilities)
  }

  private static func members(of source: some SampleSource, _ trusted: [Int64: String]) throws -> [Sample] {
    try source.samples().filter { trusted[$0.id] != nil && $0.encoding != .derived }
  }

  /// Lets every auditor judge evidence of which the truth is known, and SCN's published rule beside its paper's.
  public static func compare(_ evidence: Evidence, truth: [Int], recipe: AuditRecipe) throws -> [Outcome] {
    var published = recipe
    published.selfCure.relabelScope = .any
    var contenders = Auditors.all.map { (name: $0.name, auditor: $0.init(recipe) as any Auditor) }
    contenders.append(("self-cure, published rule", SelfCureAudit(published)))
    let training = truth.indices.filter { evidence.isTraining($0) }
    let isWrong = truth.indices.map { evidence.labels[$0] != truth[$0] }
    return try contenders.map { name, auditor in
      let assessment = try auditor.assess(evidence)
      let flagged = training.filter { assessment.isFlagged[$0] }
      let found = flagged.filter { isWrong[$0] }
      return Outcome(
        auditor: name, flipped: training.count { isWrong[$0] }, flagged: flagged.count, found: found.count,
        corrected: found.count { assessment.suggested[$0] == truth[$0] },
        area: Ranking.classConditionalArea(
          training.map { -assessment.quality[$0] }, isPositive: training.map { isWrong[$0] },
          classes: training.map { evidence.labels[$0] }))
    }
  }
}
