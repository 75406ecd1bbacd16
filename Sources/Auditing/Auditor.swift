public import Training

/// Says which labels are probably wrong, from what networks were seen to say.
///
/// A pure function over evidence: the same evidence gives the same assessment, and nothing is trained or changed. Evidence
/// is recorded once for all auditors; every number in it about a sample comes from networks as its comment says.
/// To add one: a file in `Auditors/`, a line in `Auditors.all`, a test with numbers worked out elsewhere.
public protocol Auditor: Sendable {
  /// The name on the command line and in recipes.
  static var name: String { get }
  /// One line for `fercure list auditors`.
  static var summary: String { get }

  /// Creates the auditor with what the recipe says about it.
  init(_ recipe: AuditRecipe)

  /// Judges every sample.
  ///
  /// - Throws: `AuditError.missingEvidence` when it needs what the evidence does not have.
  func assess(_ evidence: Evidence) throws -> Assessment
}

/// The auditors a user can choose by name; the first is the default.
public enum Auditors {
  /// All of them.
  public static let all: [any Auditor.Type] = [
    Consensus.self, SelfCureAudit.self, ConfidentLearningAudit.self, AreaUnderMargin.self, DataMap.self,
    LossMixture.self, Neighbours.self, FlipConsistency.self,
  ]

  /// The auditor of this name; an error lists the names there are.
  public static func named(_ name: String) throws -> any Auditor.Type {
    guard let match = all.first(where: { $0.name == name }) else {
      throw AuditError.unknownAuditor(name, known: all.map { $0.name })
    }
    return match
  }
}

/// What an auditor says about every sample, by position.
public struct Assessment: Sendable {
  /// How right the given label seems, from 0 (wrong) to 1 (right).
  ///
  /// It ranks samples; only `Consensus` makes it a probability.
  public var quality: [Double]
  /// The class that the auditor would name instead; the given one when it has no other to offer.
  public var suggested: [Int]
  /// True where the auditor's own rule calls the label wrong.
  public var isFlagged: [Bool]
  /// The probability that taking `suggested` is right, where the auditor knows it.
  public var confidence: [Double]?
  /// The probability of each class, [N, C], label and networks considered.
  public var posterior: [Double]?
  /// The share of voters that would name each class, [N, C], where that was learned from votes.
  public var shares: [Double]?
  /// The probability that there is no face.
  public var notAFace: [Double]?
  /// True when confidences were measured on votes.
  public var isCalibrated = false

  /// Creates an assessment that ranks.
  public init(quality: [Double], suggested: [Int], isFlagged: [Bool]) {
    precondition(quality.count == suggested.count && quality.count == isFlagged.count, "One entry a sample")
    self.quality = quality
    self.suggested = suggested
    self.isFlagged = isFlagged
  }
}

extension Evidence {
  /// The most probable class other than the given label, out of fold.
  func bestOther(_ index: Int) -> Int {
    bestOther(probabilities, index)
  }

  /// The class other than the given label that has the largest value in a row of a matrix [N, C].
  func bestOther(_ matrix: [Double], _ index: Int) -> Int {
    let start = index * classes.count
    var best = -1
    for k in classes.indices where k != labels[index] && (best < 0 || matrix[start + k] > matrix[start + best]) {
      best = k
    }
    return max(0, best)
  }
}
