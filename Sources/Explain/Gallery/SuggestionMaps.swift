public import Imaging
public import Training

/// Why this label and not that one? Contrastive maps for suggestions, one at a time, for pages that show them.
///
/// Red speaks for the suggested label, blue for the given one. Not safe to share between threads.
public final class SuggestionMaps {
  private let model: TrainedModel
  private let probe: Probe
  private let method: any Explainer

  /// Prepares a model.
  ///
  /// - Parameters:
  ///   - probe: the model's network, which the caller may go on asking other things.
  ///   - method: one whose maps have signs; occlusion needs no derivatives, and shows the same on every network.
  public init(_ model: TrainedModel, probe: Probe, method: any Explainer = Occlusion()) {
    self.model = model
    self.probe = probe
    self.method = method
  }

  /// The map of the difference of two classes' logits.
  ///
  /// - Throws: `ExplainError.unknownClass`.
  public func map(of picture: Image, to: String, rather from: String) throws -> HeatMap {
    let question = Question(input: model.input(of: picture), target: Target(try number(to), rather: try number(from)))
    return try method.explain([question], of: probe)[0].map
  }

  /// The map over the picture, enlarged so that it has at least 144 rows.
  public func overlay(of picture: Image, to: String, rather from: String) throws -> Image {
    try map(of: picture, to: to, rather: from)
      .overlay(on: picture, magnification: max(1, (143 + picture.height) / picture.height))
  }

  private func number(_ name: String) throws -> Int {
    guard let number = model.card.classes.firstIndex(of: name) else {
      throw ExplainError.unknownClass(name, known: model.card.classes)
    }
    return number
  }
}
