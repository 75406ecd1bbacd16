internal import COneDNN
internal import Randomness

/// How a tensor's first values are drawn.
public enum Initializer: Sendable {
  /// Every value the same.
  case constant(Float)
  /// Normal with standard deviation sqrt(2 / fanOut): He et al. 2015, as torchvision initialises ResNets.
  case kaimingNormal(fanOut: Int)
  /// Uniform on -bound ... bound; PyTorch's linear layers use bound = 1 / sqrt(fanIn).
  case uniform(bound: Float)

  /// Draws `count` values.
  func values(count: Int, using generator: inout SeededGenerator) -> [Float] {
    switch self {
    case .constant(let value):
      return [Float](repeating: value, count: count)
    case .kaimingNormal(let fanOut):
      let deviation = (2 / Double(fanOut)).squareRoot()
      return (0..<count).map { _ in Float(generator.normal() * deviation) }
    case .uniform(let bound):
      return (0..<count).map { _ in Float(generator.uniform(in: -Double(bound)...Double(bound))) }
    }
  }
}

/// A named tensor of a network that outlives a step: a trainable weight, or a running statistic.
public final class Parameter {
  /// torchvision's name, such as `layer1.0.conv1.weight`.
  public let name: String
  /// The shape in a checkpoint: [out, in, height, width] for convolutions.
  public let canonicalShape: [Int]
  let initial: Initializer
  /// Master values, 32-bit, in the layout of the gradient.
  let value: Value
  /// The gradient in the same layout; nil for what is not trained.
  let gradient: Value?
  /// Where the tensor lies in the network's one buffer of parameters, in floats.
  var offset = 0

  init(name: String, canonicalShape: [Int], layout: Descriptor, initial: Initializer, hasGradient: Bool) throws {
    self.name = name
    self.canonicalShape = canonicalShape
    self.initial = initial
    value = try Value(layout)
    gradient = hasGradient ? try Value(layout) : nil
  }

  /// Number of values, without the padding a layout may add.
  public var count: Int { canonicalShape.reduce(1, *) }
}

/// A tensor as a checkpoint stores it: row-major.
public struct NamedTensor: Sendable, Equatable {
  /// torchvision's name.
  public var name: String
  /// The sizes along each axis.
  public var shape: [Int]
  /// The values in row-major order.
  public var values: [Float]

  /// Creates a tensor from its values.
  public init(name: String, shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "A tensor has as many values as its shape says")
    self.name = name
    self.shape = shape
    self.values = values
  }
}
