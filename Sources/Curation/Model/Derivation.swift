public import Imaging

/// How a derived sample is made: its pixels are rendered from the parent whenever they are needed.
public struct Derivation: Sendable, Codable, Hashable {
  /// The sample it is rendered from.
  public var parent: Int64
  /// What is done to the parent's picture, in this order, with every sampled value.
  public var operations: [Imaging.Operation]

  /// Creates a derivation.
  public init(parent: Int64, operations: [Imaging.Operation]) {
    self.parent = parent
    self.operations = operations
  }
}
