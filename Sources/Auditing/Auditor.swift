public import Curation
public import Foundation

/// Says which labels are probably wrong.
///
/// An auditor reads the dataset and changes nothing: it gives every sample a score, and suggests other labels with
/// evidence and an honest confidence. No sample may be judged by a network that was trained on it or on a copy of it.
/// To add one: a file here, a line in `Auditors.all`, a test on faces with injected noise.
public protocol Auditor: Sendable {
  /// The name on the command line and in recipes.
  static var name: String { get }
  /// One line for `fercure list auditors`.
  static var summary: String { get }

  /// Audits the labelled samples of a dataset.
  ///
  /// - Parameters:
  ///   - source: samples and pictures.
  ///   - votes: what several people called a sample, where that is known.
  ///   - work: a folder for what a killed audit goes on from.
  ///   - observe: told how far the audit is; may throw `CancellationError`.
  func audit(
    _ source: some SampleSource, votes: [Int64: Votes], work: URL, observe: (AuditEvent) throws -> Void
  ) throws -> AuditResult
}

/// The auditors a user can choose by name.
public enum Auditors {
  /// All of them.
  public static let all: [any Auditor.Type] = [SelfCureAudit.self]
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
