/// Compares the outputs of a network with targets.
///
/// A row of the targets is a distribution over the classes times the weight of its sample; the weights' mean is 1. To add
/// one: a type in this folder, a line in `Losses.all`, golden values in `tools/golden/losses.py`.
public protocol Loss: Sendable {
  /// The name on the command line and in recipes.
  static var name: String { get }
  /// One line for `fercure list losses`.
  static var summary: String { get }
  /// Computes the mean loss and writes its derivative by the outputs.
  ///
  /// - Parameters:
  ///   - logits: the outputs, [N, C].
  ///   - targets: [N, C].
  ///   - weights: [N], divided by their sum; nil divides by N.
  ///   - classes: C.
  ///   - gradient: [N, C]; may be the memory of the outputs.
  static func lossAndGradient(
    logits: UnsafeMutableBufferPointer<Float>, targets: [Float], weights: [Float]?, classes: Int,
    gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float
}

/// The losses a user can choose by name.
public enum Losses {
  /// All losses.
  public static let all: [any Loss.Type] = [SoftmaxCrossEntropy.self, NegativeLogLikelihood.self]

  /// The loss of this name; an error lists the names there are.
  public static func named(_ name: String) throws -> any Loss.Type {
    guard let match = all.first(where: { $0.name == name }) else {
      throw NeuralNetError.unknownName(name, kind: "loss", known: all.map { $0.name })
    }
    return match
  }
}
