public import Imaging

/// A copy of a sample that is to be made, with every sampled value.
public struct PlannedDerivation: Sendable, Codable, Hashable {
  /// The sample that is copied.
  public var parent: Int64
  /// The number of the copy among the copies of its parent, from 1.
  public var copy: Int
  /// What is done to the parent's picture, in this order; never empty.
  public var operations: [Imaging.Operation]

  /// Creates a planned copy.
  public init(parent: Int64, copy: Int, operations: [Imaging.Operation]) {
    self.parent = parent
    self.copy = copy
    self.operations = operations
  }

  /// What the dataset store needs to know about it.
  public var derivation: Derivation { Derivation(parent: parent, operations: operations) }
}
