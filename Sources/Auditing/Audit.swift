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

  /// Trains the folds and judges every labelled sample.
  ///
  /// - Parameters:
  ///   - source: samples and pictures.
  ///   - votes: what several people called a sample, where that is known.
  ///   - work: a folder for what a killed audit goes on from.
  ///   - observe: told how far the audit is; may throw `CancellationError`.
  public func run(
    _ source: some SampleSource, votes: [Int64: Votes], work: URL, observe: (AuditEvent) throws -> Void
  ) throws -> (result: AuditResult, evidence: Evidence) {
    let (evidence, histories) = try EvidenceRecorder(recipe: recipe, seed: seed, work: work)
      .record(source, votes: votes, observe: observe)
    var result = try judge(evidence)
    result.histories = histories
    return (result, evidence)
  }

  /// Judges evidence that is there already.
  public func judge(_ evidence: Evidence) throws -> AuditResult {
    let opinions = try auditors.map { (name: $0.name, assessment: try $0.init(recipe).assess(evidence)) }
    guard let first = opinions.first else { return AuditResult(suggestions: [], scores: [], histories: []) }
    return Judgement(
      evidence: evidence, assessment: first.assessment, others: Array(opinions.dropFirst()), recipe: recipe
    ).result()
  }
}

/// What happens during an audit.
public enum AuditEvent {
  /// Something long has come this far.
  case progress(String, done: Int, total: Int?)
  /// A network finished an epoch.
  case epoch(fold: Int, of: Int, EpochSummary)

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
    /// Working labels changed by SCN so far.
    public var relabelled: Int
  }
}
