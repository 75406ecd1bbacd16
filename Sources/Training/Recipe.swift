public import Imaging
public import NeuralNet

/// Everything a run of `fercure curate` can be told, with every default.
///
/// A YAML file overrides the defaults and flags override the file; the effective recipe is stored with the run.
public struct Recipe: Codable, Sendable {
  /// All chance in the run follows from it.
  public var seed: UInt64 = 7
  /// Which checks run; empty runs all default ones.
  public var checks: [String] = []
  /// How labels are audited.
  public var audit = AuditRecipe()
  /// What is done about findings and suggestions without asking.
  public var resolve = ResolveRecipe()
  /// How rare classes are filled up.
  public var rebalance = RebalanceRecipe()
  /// The formats that are written.
  public var export: [String] = ["image-folder", "fer-csv"]
  /// How the raw and the curated dataset are trained on.
  public var train = TrainingRecipe()

  /// The defaults.
  public init() {}
}

/// How a network is trained.
public struct TrainingRecipe: Codable, Sendable {
  /// The architecture's name.
  public var model = "resnet18-half"
  /// Rows and columns of the network's input; pictures are resized to it.
  public var size = 48
  /// 1 for gray, 3 for colour.
  public var channels = 1
  /// The non-linearity.
  public var activation = Activation.relu
  /// The channel attention of each block: `none`, `eca`, `eca-3577` or `se`.
  public var attention = Attention.none
  /// Passes over the training split.
  public var epochs = 20
  /// Training steps instead of epochs, the same budget for datasets of different sizes; 0 counts epochs.
  public var steps = 0
  /// Samples in a step.
  public var batchSize = 64
  /// `nesterov`, `sgd`, `adam`, `adamw`, `sam` or `asam`.
  public var optimizer = "nesterov"
  /// Who takes the step that `sam` and `asam` have prepared.
  public var baseOptimizer = "nesterov"
  /// The learning rate that the schedule works on; 0 takes the optimizer's own: 0.05 for SGD, 0.001 for Adam.
  public var learningRate: Float = 0
  /// SGD's momentum.
  public var momentum: Float = 0.9
  /// The decay of all parameters.
  public var weightDecay: Float = 5e-4
  /// How far away SAM looks for the worst loss; 0 takes the optimizer's own: 0.05 for SAM, 2 for ASAM.
  public var radius: Float = 0
  /// `cosine`, `step`, `one-cycle`, `plateau` or `constant`.
  public var schedule = "cosine"
  /// The epochs at which `step` multiplies the learning rate.
  public var stepEpochs = [18, 28]
  /// The factor of `step` and `plateau`.
  public var stepFactor: Float = 0.1
  /// Epochs without a lower validation loss that `plateau` bears.
  public var plateauPatience = 3
  /// Epochs, or parts of one, in which the learning rate first rises to its full height.
  public var warmupEpochs = 0.0
  /// `cross-entropy` or `nll`.
  public var loss = "cross-entropy"
  /// Share of the target spread over all classes.
  public var labelSmoothing: Float = 0
  /// What rare classes count for in the loss: `none` (every sample the same), `inverse` or `effective-number`.
  public var classWeights = "none"
  /// Known votes of several annotators replace the label as a sample's target.
  public var votesAsTargets = false
  /// Pictures and targets are mixed in pairs, by a share from the Beta distribution with this parameter; 0 mixes none.
  public var mixUp: Float = 0
  /// How strongly the network is held to what it said about each sample before it began to believe wrong labels: the lambda of
  /// early-learning regularization; 0 for not at all.
  public var earlyLearning: Float = 0
  /// The share of that memory that each look at a sample keeps; more of it where an epoch has fewer than 290 steps.
  public var earlyLearningMomentum: Float = 0.8
  /// The share of the training in which lambda rises to its full height, by a sigmoid.
  ///
  /// A network that has seen little says the commonest class of every sample; held to that from the first step, it is slow to say more.
  public var earlyLearningRampUp = 0.0
  /// The share that the moving average of the weights, which is then the model, keeps in each step; 0 for none.
  public var averageDecay: Float = 0
  /// Epochs without a better validation accuracy after which training ends; 0 for never.
  public var patience = 0
  /// Share of the features dropped.
  public var dropout: Float = 0.2
  /// What is done to training pictures on the fly: every epoch sees every picture another way.
  public var augment = Compose([Flip(), Rotate(degreesRange: -10...10), Translate(fractionRange: -0.08...0.08)])
  /// `float32`, `bfloat16` or `auto`.
  public var precision = Precision.auto

  /// The defaults.
  public init() {}
}

/// How labels are audited: a network learns from all samples, and others, each from all but one fold, judge out of sample.
public struct AuditRecipe: Codable, Sendable {
  /// How the network of all samples is trained: held to what it said before it began to believe wrong labels, so that it may
  /// learn longer than others could and still judge labels it was given.
  public var train: TrainingRecipe = {
    var recipe = TrainingRecipe()
    recipe.epochs = 32
    recipe.earlyLearning = 3
    recipe.augment = Compose([Flip(), Affine(fractionRange: -0.08...0.08)])
    return recipe
  }()
  /// Networks that judge, each, the fold that it was not trained on.
  public var folds = 3
  /// Their architecture; they are trained like the network of all samples otherwise.
  ///
  /// Where votes teach them, it is that of `train`, and no network learns from all samples.
  public var foldModel = "resnet10-mini"
  /// Their epochs, where `train` has no fewer; raised with those of `train` on small datasets.
  public var foldEpochs = 18
  /// Training steps that the network which judges most learns for at the least: on small datasets all networks get so much more epochs.
  ///
  /// 0 leaves the epochs as they are; so does a file or a flag that gives epochs or steps and not this.
  public var fewestSteps = 3000
  /// The architecture that stands in for that of `train` where epochs are raised for fewer than 3,000 samples, which a larger one
  /// would learn by heart; not where votes teach networks.
  ///
  /// `none` leaves it as it is; so does a file or a flag that gives one and not this.
  public var smallModel = "resnet10-mini"
  /// The dropout that stands in for that of `train` there: with more of it networks learn fewer labels by heart, and more of faces.
  ///
  /// A file that gives `train.dropout` and not this leaves it as it is.
  public var smallDropout: Float = 0.4
  /// The share of the training in which early-learning regularization rises that stands in for that of `train` there, where a network
  /// takes many looks at each sample before it says more than the commonest class.
  ///
  /// A file that gives `train.earlyLearningRampUp` and not this leaves it as it is.
  public var smallRampUp = 0.2
  /// Who turns the evidence into scores and suggestions.
  public var auditor = "consensus"
  /// SCN's own parameters; an audit's networks keep the labels they are given, as a judge should: with changed ones they
  /// become surer of what they think, and less often right.
  public var selfCure: SelfCureRecipe = {
    var recipe = SelfCureRecipe()
    recipe.relabels = false
    return recipe
  }()
  /// Known votes of several annotators replace the given label as the training target of that sample.
  public var usesVotes = true
  /// Share of the samples with votes whose votes no network is shown, where votes teach networks: they tell how to read what networks
  /// say about samples that they learned from.
  public var probes = 0.2
  /// Where votes tell how labels err, networks learn from the other labels with that in mind.
  public var correctsNoise = true
  /// Share of the training labels that a network is given wrong on purpose, to show how well wrong ones are recognised.
  public var injected = 0.01
  /// The last epochs whose predictions are averaged.
  public var averagedEpochs = 3
  /// Nearest samples whose labels are compared.
  public var neighbours = 25
  /// The lowest confidence of a suggestion.
  public var minimumConfidence = 0.3

  /// How a fold's network is trained.
  public func foldTraining(model: String) -> TrainingRecipe {
    var recipe = train
    recipe.model = model
    recipe.epochs = min(foldEpochs, train.epochs)
    if recipe.steps > 0 { recipe.steps = max(1, recipe.steps * recipe.epochs / max(1, train.epochs)) }
    return recipe
  }

  /// The defaults.
  public init() {}
}

/// SCN's parameters, with the paper's values.
///
/// Source: Wang et al. 2020.
public struct SelfCureRecipe: Codable, Sendable, Equatable {
  /// beta: the share of a batch that counts as important.
  public var ratio: Float = 0.7
  /// delta1: how far apart the mean importances of the two groups must be.
  public var rankMargin: Float = 0.15
  /// delta2: how far the best class must be above the given one for a relabel.
  public var relabelMargin: Float = 0.2
  /// gamma: the weight of the cross-entropy; the rank regularization has 1 - gamma.
  public var balance: Float = 0.5
  /// The first epoch in which labels may be changed, counted from 1.
  public var relabelFrom = 7
  /// Whether the network goes on with changed labels, as SCN does; otherwise what it would change is only noted.
  public var relabels = true
  /// Who may be relabelled: `low-importance` (the paper) or `any` (the published code).
  public var relabelScope = RelabelScope.lowImportance

  /// The defaults.
  public init() {}

  /// Which samples of a batch may be relabelled.
  public enum RelabelScope: String, Codable, Sendable, CaseIterable {
    /// Those in the low-importance group: the paper.
    case lowImportance = "low-importance"
    /// All: the published code.
    case any
  }
}

/// What is done about findings and suggestions without asking a person.
public struct ResolveRecipe: Codable, Sendable {
  /// Suggestions of at least this confidence are accepted.
  public var acceptAbove = 0.7
  /// Rules for findings, in order.
  public var rules = ["drop-blank", "drop-leaks", "drop-duplicates"]

  /// The defaults.
  public init() {}
}

/// How rare classes are filled up with augmented copies.
public struct RebalanceRecipe: Codable, Sendable {
  /// `oversample`, `undersample` or `none`.
  public var method = "oversample"
  /// imbalanced-learn's vocabulary: `not-majority`, `median`, a number, `disgust=2000` ...
  public var samplingStrategy = "median"
  /// What tells copies from their parents.
  public var augment = Compose.standard

  /// The defaults.
  public init() {}
}
