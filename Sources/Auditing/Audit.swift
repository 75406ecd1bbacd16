public import Curation
public import Foundation
public import Training

/// An audit of a dataset: evidence is recorded once, then every wanted auditor gives its opinion on it.
///
/// Nothing is changed: the first auditor's opinion becomes scores and suggestions, the others' qualities stand beside them
/// as signals.
public struct Audit: Sendable {
  private let recipe: AuditRecipe
  private let auditors: [any Auditor.Type]
  private let seed: UInt64

  /// - Parameters:
  ///   - recipe: folds, networks and rules; its `auditor` names the auditors, parted by commas, the first one in charge.
  ///   - seed: all chance follows from it.
  public init(recipe: AuditRecipe, seed: UInt64) throws {
    self.recipe = recipe
    self.seed = seed
    auditors = try recipe.auditor.split(separator: ",").map {
      try Auditors.named($0.trimmingCharacters(in: .whitespaces))
    }
    if auditors.isEmpty { throw AuditError.unknownAuditor(recipe.auditor, known: Auditors.all.map { $0.name }) }
  }

  /// Trains the networks and judges every labelled sample.
  ///
  /// - Parameters:
  ///   - source: samples and pictures.
  ///   - votes: what several people called a sample, where that is known.
  ///   - work: a folder for what a killed audit goes on from.
  ///   - observe: told how far the audit is; may throw `CancellationError`.
  public func run(
    _ source: some SampleSource, votes: [Int64: Votes], work: URL, observe: (AuditEvent) throws -> Void
  ) throws -> AuditResult {
    let (evidence, histories) = try record(source, votes: votes, work: work, observe: observe)
    var result = try judge(evidence)
    result.histories = histories
    return result
  }

  /// Trains the networks and gives what was recorded; see `run`.
  public func record(
    _ source: some SampleSource, votes: [Int64: Votes], work: URL, observe: (AuditEvent) throws -> Void
  ) throws -> (evidence: Evidence, histories: [[EpochMetrics]]) {
    try EvidenceRecorder(recipe: recipe, seed: seed, work: work).record(source, votes: votes, observe: observe)
  }

  /// The reliability of the first auditor's suggestions, about the labels that people were asked about.
  private func reliability(of judgement: Judgement, asked: Evidence?) throws -> [ReliabilityBin] {
    guard let asked, let type = auditors.first else { return judgement.reliability() }
    let assessment = RankCalibration.applied(to: try type.init(recipe).assess(asked), asked)
    return Judgement(evidence: asked, assessment: assessment, others: [], recipe: recipe).reliability()
  }

  /// Judges evidence that is there already.
  public func judge(_ evidence: Evidence) throws -> AuditResult {
    // A label that was changed by a decision is right by that decision: suggestions are measured on what it was before.
    let asked = evidence.formerLabels.isEmpty ? nil : evidence.asAsked()
    let opinions = try auditors.map { type in
      let auditor = type.init(recipe)
      let assessment = try auditor.assess(evidence)
      let measured = assessment.confidence == nil ? try asked.map { try auditor.assess($0) } : nil
      return (
        name: type.name, assessment: RankCalibration.applied(to: assessment, asked: measured, evidence)
      )
    }
    guard let first = opinions.first else { return AuditResult(suggestions: [], scores: [], histories: []) }
    var judgement = Judgement(
      evidence: evidence, assessment: first.assessment, others: Array(opinions.dropFirst()), recipe: recipe)
    var recognition: [Recognition] = []
    if !evidence.injections.isEmpty {
      let injected = evidence.withInjections()
      for (number, type) in auditors.enumerated() {
        let assessment = try type.init(recipe).assess(injected)
        let recognised = Recognition(type.name, assessment, evidence: injected)
        recognition.append(recognised)
        if number == 0 {
          judgement.gates = TargetGate.measured(
            assessment, evidence: evidence, minimumConfidence: recipe.minimumConfidence, recognition: recognised.area)
        }
      }
    }
    var result = judgement.result()
    result.recognition = recognition
    if first.assessment.isCalibrated { result.reliability = try reliability(of: judgement, asked: asked) }
    return result
  }
}

/// How well an auditor recognises the labels that were made wrong on purpose.
public struct Recognition: Sendable, Codable, Equatable {
  /// The auditor.
  public var auditor: String
  /// Labels made wrong.
  public var injected: Int
  /// Of these, those that it calls wrong.
  public var found: Int
  /// How well it ranks them below the others, within each class; 0.5 is chance.
  public var area: Double

  init(_ auditor: String, _ assessment: Assessment, evidence: Evidence) {
    self.auditor = auditor
    injected = evidence.injections.count
    found = evidence.injections.count { assessment.isFlagged[$0.index] }
    let isInjected = Set(evidence.injections.map(\.index))
    let training = evidence.labels.indices.filter { evidence.isTraining($0) }
    area = Ranking.classConditionalArea(
      training.map { -assessment.quality[$0] }, isPositive: training.map(isInjected.contains),
      classes: training.map { evidence.labels[$0] })
  }
}

/// What happens during an audit.
public enum AuditEvent {
  /// Something long has come this far.
  case progress(String, done: Int, total: Int?)
  /// A network has taken so many steps of its training: the audit is not one that only reads what is left of another.
  case learning(network: String, step: Int, total: Int)
  /// A network finished an epoch.
  case epoch(network: String, EpochSummary)

  /// The line an epoch is worth.
  public struct EpochSummary: Sendable {
    /// Counted from 1.
    public var epoch: Int
    /// How many there will be.
    public var epochs: Int
    /// Mean training loss.
    public var loss: Double
    /// Training accuracy.
    public var accuracy: Double
    /// Training labels that SCN would have changed so far, or has.
    public var relabelled: Int
  }
}
