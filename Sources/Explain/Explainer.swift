/// A method that says which pixels of a picture made the network answer as it did.
///
/// To add one: a value type in `Methods/`, a line in `Explainers.all`, a test of an identity that it must obey, and its row
/// in `docs/Explain.md`. It gets all pictures at once, so that their passes through the network share batches, and
/// gives one map a picture, of the picture's size; its scale is its own. What it draws by chance follows from `options.seed`
/// alone, so that a picture's map does not depend on the others.
public protocol Explainer: Sendable {
  /// The name on the command line.
  var name: String { get }
  /// One line for `fercure list explainers`.
  var summary: String { get }
  /// Explains all pictures.
  func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation]
}

/// What is asked about a picture.
public struct Question: Sendable, Equatable {
  /// The network's input, [C, H, W], normalised.
  public var input: [Float]
  /// The answer that is to be explained.
  public var target: Target

  /// Creates a question.
  public init(input: [Float], target: Target) {
    self.input = input
    self.target = target
  }
}

/// A map and the numbers that a method reports with it.
public struct Explanation: Sendable, Equatable {
  /// How much each pixel counts.
  public var map: HeatMap
  /// Numbers by name, such as LIME's `R2`.
  public var measures: [String: Double]

  /// Creates an explanation.
  public init(map: HeatMap, measures: [String: Double] = [:]) {
    self.map = map
    self.measures = measures
  }
}

/// What a user may choose about the methods.
public struct ExplainOptions: Sendable {
  /// The layer whose maps class activation methods weigh; nil takes `Probe.defaultLayer`.
  public var layer: String?
  /// Where chance starts.
  public var seed: UInt64
  /// LIME's perturbed pictures.
  public var samples: Int
  /// Superpixels a picture is cut into, roughly.
  public var segments: Int

  /// Creates options.
  public init(layer: String? = nil, seed: UInt64 = 7, samples: Int = 1000, segments: Int = 64) {
    self.layer = layer
    self.seed = seed
    self.samples = samples
    self.segments = segments
  }
}

/// The methods a user can choose by name.
public enum Explainers {
  /// Every method.
  public static func all(_ options: ExplainOptions = ExplainOptions()) -> [any Explainer] {
    [
      Saliency(),
      SmoothGrad(seed: options.seed),
      IntegratedGradients(),
      GradCAM(layer: options.layer),
      ScoreCAM(layer: options.layer, weighting: .increase),
      ScoreCAM(layer: options.layer, weighting: .confidence),
      Occlusion(),
      LIME(samples: options.samples, segments: options.segments, seed: options.seed),
    ]
  }

  /// The name of `Activations` where methods are chosen by name.
  public static let activations = "activations"
  /// The name of `GradientAscent` where methods are chosen by name.
  public static let gradientAscent = "gradient-ascent"

  /// Every name a user can choose, with a line about it: the methods, and the two pictures that are no maps of a face.
  public static var catalogue: [(name: String, summary: String)] {
    all().map { ($0.name, $0.summary) } + [
      (activations, "What every block makes of a face, from the input to the last map"),
      (gradientAscent, "The pictures that the first channels of each stage, and the classes, answer to most strongly"),
    ]
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// The methods of these names, each once, those of `catalogue` that are no maps left out; an error lists the names there are.
  public static func named(_ names: [String], _ options: ExplainOptions = ExplainOptions()) throws -> [any Explainer] {
    let (all, known) = (all(options), catalogue.map(\.name))
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw ExplainError.unknownMethod(unknown, known: known)
    }
    return distinct(names).compactMap { name in all.first { $0.name == name } }
  }
}
