/// How batch norm and dropout behave.
public enum Mode: Sendable {
  /// Batch norm uses the batch's statistics and updates the running ones; dropout drops.
  case training
  /// Batch norm uses the running statistics; dropout passes everything.
  case inference
}

/// What the backward pass of a compiled network computes.
public struct Gradients: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int
  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The loss's derivatives by the parameters.
  public static let parameters = Gradients(rawValue: 1)
  /// The loss's derivative by the input picture: saliency and gradient ascent need it.
  public static let input = Gradients(rawValue: 2)
}
