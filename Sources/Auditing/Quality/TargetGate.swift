public import Curation

/// Whether suggestions into one class may be accepted without a person, by how right such suggestions were measured to be.
///
/// Rare classes are where automatic relabelling does most harm: a suggestion into a class whose precision is low or was
/// never measured is left for a reviewer, however confident it is.
public struct TargetGate: Sendable, Codable, Equatable {
  /// What the precision was measured on.
  public enum Basis: String, Sendable, Codable {
    /// Votes of several people on samples for which such a suggestion was made.
    case votes
    /// Labels made wrong on purpose: how often the class that is named was the one before.
    case injections
  }

  /// The class that labels would be changed to.
  public var target: String
  /// What was measured.
  public var precision: ShareInterval
  /// On how many suggestions.
  public var judged: Int
  /// On what.
  public var basis: Basis
  /// How well the labels made wrong on purpose are told from the others, where these are the basis; see `Recognition.area`.
  public var recognition: Double?

  /// How far the lower end of the measured precision may be below what is asked for.
  public static let slack = 0.3
  /// Fewer judged suggestions than this leave the precision unknown.
  public static let fewestJudged = 3
  /// The least `recognition` by which a gate opens.
  ///
  /// Labels made wrong on purpose show how often the class that is named is the right one, but not how many labels are called wrong
  /// that are right. Where they themselves are hardly told from the others, those are many: `docs/Results.md`. The others are wrong,
  /// too, in a share e, so that no more than 1 - e / 2 can be reached: where two labels in five are wrong as at random, no gate opens.
  public static let leastRecognition = 0.8

  /// Creates a gate.
  public init(target: String, right: Int, judged: Int, basis: Basis, recognition: Double? = nil) {
    self.target = target
    self.judged = judged
    self.basis = basis
    self.recognition = recognition
    precision = ShareInterval(right: right, of: judged)
  }

  /// True when suggestions into the class may pass at this confidence.
  public func isOpen(at confidence: Double) -> Bool {
    let isRecognised = basis == .votes || (recognition ?? 0) >= Self.leastRecognition
    return isRecognised && judged >= Self.fewestJudged && precision.low >= confidence - Self.slack
  }

  /// The gates of all classes, measured on the suggestions of at least some confidence whose truth is known.
  public static func measured(
    _ suggestions: [Suggestion], truth: [Int64: String], classes: [String], confidence: Double
  ) -> [TargetGate] {
    let counted = suggestions.filter { $0.confidence >= confidence && truth[$0.sample] != nil }
    return classes.map { target in
      let own = counted.filter { $0.to == target }
      return TargetGate(
        target: target, right: own.count { truth[$0.sample] == target }, judged: own.count, basis: .votes)
    }
  }

  /// The gates that a set of wrong labels made on purpose gives: an auditor's assessment of `Evidence.withInjections()`.
  ///
  /// None where these are too few to tell how well they are recognised.
  ///
  /// - Parameters:
  ///   - minimumConfidence: what is less sure is never suggested, and tells nothing.
  ///   - recognition: how well these labels are told from the others.
  static func measured(
    _ assessment: Assessment, evidence: Evidence, minimumConfidence: Double, recognition: Double
  ) -> [TargetGate] {
    guard evidence.injections.count >= Injection.fewest else { return [] }
    var counts = evidence.classes.map { _ in (right: 0, judged: 0) }
    for injection in evidence.injections where assessment.isFlagged[injection.index] {
      if let confidence = assessment.confidence?[injection.index], confidence < minimumConfidence { continue }
      let to = assessment.suggested[injection.index]
      counts[to].judged += 1
      if to == evidence.labels[injection.index] { counts[to].right += 1 }
    }
    return zip(evidence.classes, counts).map { target, count in
      TargetGate(
        target: target, right: count.right, judged: count.judged, basis: .injections, recognition: recognition)
    }
  }
}

extension TargetGate {
  /// The names under which a gate travels with the suggestions of its class.
  private enum Key {
    static let right = "gateRight"
    static let judged = "gateJudged"
    static let recognition = "gateRecognition"
  }

  /// What is stored with a suggestion, so that `resolve` knows without the evidence.
  var signals: [String: Double] {
    var signals = [Key.right: (precision.share * Double(judged)).rounded(), Key.judged: Double(judged)]
    signals[Key.recognition] = recognition
    return signals
  }

  /// The gates that were stored with suggestions.
  public static func stored(with suggestions: [Suggestion]) -> [TargetGate] {
    var result: [String: TargetGate] = [:]
    for suggestion in suggestions {
      guard let target = suggestion.to, result[target] == nil, let right = suggestion.signals.extra?[Key.right],
        let judged = suggestion.signals.extra?[Key.judged]
      else { continue }
      result[target] = TargetGate(
        target: target, right: Int(right), judged: Int(judged), basis: .injections,
        recognition: suggestion.signals.extra?[Key.recognition])
    }
    return result.values.sorted { $0.target < $1.target }
  }
}
