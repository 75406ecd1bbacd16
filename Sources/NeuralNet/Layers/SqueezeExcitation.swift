/// Squeeze-and-excitation: a channel's weight follows from the means of all channels through a bottleneck.
///
/// f(m) = W2 max(0, W1 m + b1) + b2; y = x sigmoid(f(m)). Shapes: [N, C, H, W] to the same. Parameters, in torchvision's
/// names: `fc1.weight` [R, C, 1, 1], `fc1.bias` [R], `fc2.weight` [C, R, 1, 1], `fc2.bias` [C].
/// Source: Hu et al. 2018.
public struct SqueezeExcitation: Layer {
  /// C.
  public var channels: Int
  /// R, the width of the bottleneck.
  public var squeezed: Int

  /// Creates the layer with the paper's reduction by 16, to no fewer than 4 channels.
  public init(channels: Int, squeezed: Int? = nil) {
    self.channels = channels
    self.squeezed = squeezed ?? max(4, channels / 16)
  }

  /// Adds the gate.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let (c, r) = (channels, squeezed)
    let builder = graph.builder
    func declare(_ name: String, _ shape: [Int], fanIn: Int) throws -> Parameter {
      try builder.parameter(
        path.appending(component: name), Descriptor([shape.reduce(1, *)]), canonicalShape: shape,
        initial: .uniform(bound: 1 / Float(fanIn).squareRoot()))
    }
    let narrow = Dense(
      weight: try declare("fc1.weight", [r, c, 1, 1], fanIn: c), bias: try declare("fc1.bias", [r], fanIn: c))
    let widen = Dense(
      weight: try declare("fc2.weight", [c, r, 1, 1], fanIn: r), bias: try declare("fc2.bias", [c], fanIn: r))
    let batch = input.shape[0]
    let plain = Descriptor([batch, r])
    let hidden = try Value(plain, buffer: builder.persistentBuffer(plain.byteCount))
    let hiddenSlope = try Value(plain, buffer: builder.persistentBuffer(plain.byteCount))
    return try ChannelGate(path: path) { means, result in
      narrow.forward(means, hidden.floats)
      let h = hidden.floats
      for i in 0..<h.count { h[i] = max(0, h[i]) }
      widen.forward(h, result)
    } backward: { means, gradient, result in
      let (h, slope) = (hidden.floats, hiddenSlope.floats)
      widen.backward(h, gradient, slope)
      for i in 0..<h.count where h[i] <= 0 { slope[i] = 0 }
      narrow.backward(means, slope, result)
    }.build(input.value, into: builder)
  }

  /// y = W x + b for a few hundred values a sample: too little for a kernel of its own.
  private struct Dense {
    let weight: Parameter
    let bias: Parameter

    func forward(_ x: UnsafeMutableBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>) {
      let (w, b) = (weight.value.floats, bias.value.floats)
      let inputs = w.count / b.count
      for n in 0..<y.count / b.count {
        for k in 0..<b.count {
          var sum = b[k]
          for i in 0..<inputs { sum += w[k * inputs + i] * x[n * inputs + i] }
          y[n * b.count + k] = sum
        }
      }
    }

    func backward(
      _ x: UnsafeMutableBufferPointer<Float>, _ dy: UnsafeMutableBufferPointer<Float>,
      _ dx: UnsafeMutableBufferPointer<Float>
    ) {
      let w = weight.value.floats
      let outputs = bias.value.floats.count
      let inputs = w.count / outputs
      dx.update(repeating: 0)
      weight.gradient?.floats.update(repeating: 0)
      bias.gradient?.floats.update(repeating: 0)
      for n in 0..<dy.count / outputs {
        for k in 0..<outputs {
          let slope = dy[n * outputs + k]
          for i in 0..<inputs { dx[n * inputs + i] += w[k * inputs + i] * slope }
          guard let dw = weight.gradient?.floats, let db = bias.gradient?.floats else { continue }
          for i in 0..<inputs { dw[k * inputs + i] += x[n * inputs + i] * slope }
          db[k] += slope
        }
      }
    }
  }
}
