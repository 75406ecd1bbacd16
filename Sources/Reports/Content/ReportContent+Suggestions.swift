public import Curation

extension ReportContent {
  /// What the audit proposes, and how good its proposals are.
  public struct Suggestions: Codable, Sendable, Hashable {
    /// Samples that were audited.
    public var audited: Int?
    /// How many suggestions there are of each verdict in each state.
    public var tallies: [Tally]
    /// Given label (rows) against suggested label (columns).
    public var noise: LabelMatrix?
    /// How the confidences are distributed.
    public var confidences: Histogram?
    /// The confidence from which suggestions were accepted by rule.
    public var acceptedAbove: Double?
    /// The most confident suggestions.
    public var top: [Top]
    /// How many of the suggestions are right, where the truth or the votes of people are known.
    public var quality: Quality?
    /// Given against suggested label of the suggestions that nobody decided yet; nil while that is all of them.
    public var openNoise: LabelMatrix?
    /// How often people agreed with the suggestions that they decided.
    public var decided: Quality?
    /// Who reviewed.
    public var reviewers: [Reviewer]
    /// How far the reviewers agree beyond chance (Fleiss' kappa); nil when no two saw the same face.
    public var kappa: Double?

    /// Creates the summary of an audit.
    public init(
      audited: Int? = nil, tallies: [Tally], noise: LabelMatrix? = nil, confidences: Histogram? = nil,
      acceptedAbove: Double? = nil, top: [Top] = [], quality: Quality? = nil, openNoise: LabelMatrix? = nil,
      decided: Quality? = nil, reviewers: [Reviewer] = [], kappa: Double? = nil
    ) {
      self.audited = audited
      self.tallies = tallies
      self.noise = noise
      self.confidences = confidences
      self.acceptedAbove = acceptedAbove
      self.top = top
      self.quality = quality
      self.openNoise = openNoise
      self.decided = decided
      self.reviewers = reviewers
      self.kappa = kappa
    }

    /// All suggestions, whatever their verdict and state.
    public var total: Int { tallies.reduce(0) { $0 + $1.count } }

    /// What one reviewer did.
    public struct Reviewer: Codable, Sendable, Hashable {
      /// The name.
      public var name: String
      /// Faces that this reviewer had a word on.
      public var faces: Int
      /// How many of the suggestions were accepted.
      public var accepted: Int

      /// Creates what one reviewer did.
      public init(name: String, faces: Int, accepted: Int) {
        self.name = name
        self.faces = faces
        self.accepted = accepted
      }
    }

    /// The number of suggestions of one verdict in one state.
    public struct Tally: Codable, Sendable, Hashable {
      /// What is wrong.
      public var verdict: Suggestion.Verdict
      /// What was decided.
      public var state: Suggestion.State
      /// How many suggestions.
      public var count: Int

      /// Creates a tally.
      public init(verdict: Suggestion.Verdict, state: Suggestion.State, count: Int) {
        self.verdict = verdict
        self.state = state
        self.count = count
      }
    }

    /// One suggestion with its face and its evidence.
    public struct Top: Codable, Sendable, Hashable {
      /// The picture; its label is the given one.
      public var face: Face
      /// The label the sample had when it was audited.
      public var given: String
      /// The proposed label; nil when the picture shows no face.
      public var suggested: String?
      /// What is wrong.
      public var verdict: Suggestion.Verdict
      /// The estimated probability that accepting it is right, from 0 to 1.
      public var confidence: Double
      /// The network's importance weight of the sample, from 0 to 1.
      public var importance: Double?
      /// One probability a class, in the dataset's order.
      public var probabilities: [Double]
      /// What was decided.
      public var state: Suggestion.State
      /// Who decided.
      public var decidedBy: String?
      /// What the truth or the votes of people say: `votes: fear 7, surprise 3`.
      public var evidence: String?

      /// Creates one suggestion.
      public init(
        face: Face, given: String, suggested: String?, verdict: Suggestion.Verdict, confidence: Double,
        importance: Double? = nil, probabilities: [Double] = [], state: Suggestion.State = .open,
        decidedBy: String? = nil, evidence: String? = nil
      ) {
        self.face = face
        self.given = given
        self.suggested = suggested
        self.verdict = verdict
        self.confidence = confidence
        self.importance = importance
        self.probabilities = probabilities
        self.state = state
        self.decidedBy = decidedBy
        self.evidence = evidence
      }
    }
  }
}
