import Auditing
import Curation

/// Plans to accept confident suggestions, except those into classes whose precision is low or unknown.
struct GatedAcceptance {
  /// What would be accepted, and what is held back for a reviewer.
  var plan: ResolvePlan
  /// What may be expected of the accepted ones.
  var expectation: Expectation

  /// How right the accepted suggestions are expected to be.
  struct Expectation: Codable, Equatable {
    /// The mean of their confidences.
    var stated: Double
    /// What known votes say about those of them on whose samples people voted; no suggestion was made with its own votes.
    var measured: ShareInterval?
    /// Accepted suggestions with known votes.
    var judged: Int
  }

  /// - Parameter ignoresGates: lets every class through.
  init(_ store: DatasetStore, above confidence: Double, splits: Set<Split>, ignoresGates: Bool = false) throws {
    let classes = try store.classes()
    let votes = try KnownLabels(store).votes
    let truth = votes.compactMapValues { known in VoteTruth.majority(known, classes: classes).map { classes[$0] } }
    // What decides about labels must not have seen the votes that models are tested by.
    let training = Set(try store.samples().filter { $0.split == .train }.map(\.id))
    let teaching = truth.filter { training.contains($0.key) }
    let all = try store.suggestions()
    let closed = ignoresGates ? [] : Self.closed(all, truth: teaching, classes: classes, confidence: confidence)
    plan = try Resolver(store).accept(above: confidence, splits: splits, notInto: closed)
    let accepted = Set(plan.decisions.map(\.suggestion))
    let list = all.filter { accepted.contains($0.id) }
    let judged = list.filter { truth[$0.sample] != nil }
    expectation = Expectation(
      stated: list.isEmpty ? 0 : list.reduce(0) { $0 + $1.confidence } / Double(list.count),
      measured: judged.isEmpty
        ? nil : ShareInterval(right: judged.count { truth[$0.sample] == $0.to }, of: judged.count),
      judged: judged.count)
  }

  /// What is said of suggestions that were left for a reviewer, by the class they would change to; nil when there are none.
  static func remark(onHeldBack suggestions: [String: Int]) -> String? {
    guard !suggestions.isEmpty else { return nil }
    let list = suggestions.sorted { $0.key < $1.key }.map { "\(Numbers.count($0.value)) into \($0.key)" }
    return "left for a reviewer, as such suggestions are seldom right or it is not known how often: "
      + list.joined(separator: ", ")
  }

  /// The classes that nothing may be changed to: measured on what people said about such suggestions where they judged some, else on
  /// injected labels.
  ///
  /// All where nothing was measured: the dataset is too small, or suggestions come from elsewhere.
  private static func closed(
    _ all: [Suggestion], truth: [Int64: String], classes: [String], confidence: Double
  ) -> Set<String> {
    let run = all.filter { $0.state == .open && $0.confidence >= confidence }.map(\.run).max()
    let audit = all.filter { $0.run == run }
    let byVotes = TargetGate.measured(audit, truth: truth, classes: classes, confidence: confidence)
    let byInjections = Dictionary(
      uniqueKeysWithValues: TargetGate.stored(with: audit).map { ($0.target, $0) })
    let gates = byVotes.map { $0.judged >= TargetGate.fewestJudged ? $0 : byInjections[$0.target] ?? $0 }
    return Set(gates.filter { !$0.isOpen(at: confidence) }.map(\.target))
  }
}
