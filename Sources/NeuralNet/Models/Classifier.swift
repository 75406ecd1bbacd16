/// A backbone with a classifier behind it, and SCN's importance head if asked for.
///
/// Outputs: `logits` [N, classes]; with the self-cure head also `importance` [N, 1], the logit of the importance weight
/// (its sigmoid is alpha: Wang et al. 2020, equation 1); with `exposesFeatures` also `features` [N, D, 1, 1].
public struct Classifier: Model {
  /// From the picture to the feature vector.
  public var backbone: Sequential
  /// D.
  public var featureCount: Int
  /// C.
  public var classes: Int
  /// Share of the features dropped before the heads.
  public var dropout: Float
  /// Adds the importance head.
  public var hasImportance: Bool
  /// Adds the feature vector to the outputs.
  public var exposesFeatures: Bool

  /// Creates a classifier.
  public init(
    backbone: Sequential, featureCount: Int, classes: Int, dropout: Float = 0, hasImportance: Bool = false,
    exposesFeatures: Bool = false
  ) {
    self.backbone = backbone
    self.featureCount = featureCount
    self.classes = classes
    self.dropout = dropout
    self.hasImportance = hasImportance
    self.exposesFeatures = exposesFeatures
  }

  /// Adds backbone and heads.
  public func build(_ input: TensorReference, into graph: GraphReference) throws
    -> [(name: String, tensor: TensorReference)]
  {
    var features = try backbone.build(input, into: graph, path: "")
    if dropout > 0 { features = try Dropout(rate: dropout).build(features, into: graph, path: "dropout") }
    let logits = try Linear(inputCount: featureCount, outputCount: classes).build(features, into: graph, path: "fc")
    var outputs = [(name: "logits", tensor: logits)]
    if hasImportance {
      let importance = try Linear(inputCount: featureCount, outputCount: 1)
        .build(features, into: graph, path: "importance")
      outputs.append(("importance", importance))
    }
    if exposesFeatures { outputs.append(("features", features)) }
    return outputs
  }
}
