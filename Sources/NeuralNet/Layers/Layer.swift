/// A layer as described: what it computes, for whatever batch, mode and precision it is compiled.
///
/// To add one: a value type whose `build` adds the forward steps to the graph, declares its parameters under
/// `path` in torchvision's names, and registers its backward steps with `onBackward`: they add the gradient of
/// the input with `addGradient` and write the parameters' gradients. Test it in three ways through
/// `LayerTests`: golden forward, golden backward for each parameter, and central differences.
/// Composite layers (a residual block, a sequence) are layers.
public protocol Layer: Sendable {
  /// Adds the layer to a graph and returns its output.
  func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference
}

/// A tensor of a graph under construction: opaque outside the module, so that no kernel type leaks.
public struct TensorReference {
  let value: Value
  /// The sizes along each axis: [N, C, H, W].
  public var shape: [Int] { value.shape }
}

/// The graph under construction: opaque outside the module.
public struct GraphReference {
  let builder: GraphBuilder
}

/// Layers one after the other, each under its own name.
///
/// The output of a named layer can be exposed by its path, such as `layer1.0.conv1`; those without a name cannot.
public struct Sequential: Layer {
  /// Names and layers in the order in which they run.
  public var layers: [(name: String, layer: any Layer)]

  /// Creates a sequence.
  public init(_ layers: [(name: String, layer: any Layer)]) { self.layers = layers }

  /// Adds the layers in order.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    var value = input
    for (name, layer) in layers {
      let place = path.appending(component: name)
      value = try layer.build(value, into: graph, path: place)
      if !name.isEmpty { try graph.builder.finishLayer(place, value.value) }
    }
    return value
  }
}

extension String {
  /// The dotted path of a child: `layer1` and `0` give `layer1.0`.
  func appending(component name: String) -> String {
    if isEmpty { return name }
    return name.isEmpty ? self : "\(self).\(name)"
  }
}
