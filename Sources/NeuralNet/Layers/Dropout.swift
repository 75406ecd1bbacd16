internal import Randomness

/// Sets a share of the values to zero in training and scales the others by 1 / (1 - rate); passes everything in inference.
///
/// Shapes: any to the same. Which values fall follows from the seed, the step and the place alone, so that a resumed
/// run drops what an uninterrupted one would have. Source: Srivastava et al. 2014.
public struct Dropout: Layer {
  /// The probability that a value is dropped, 0 ..< 1.
  public var rate: Float

  /// Creates a dropout layer.
  public init(rate: Float) {
    precondition((0..<1).contains(rate), "A dropout rate is at least 0 and below 1")
    self.rate = rate
  }

  /// Adds the masking and its backward step.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let graph = graph.builder
    let x = input.value
    guard graph.mode == .training, rate > 0 else { return input }
    let placed = try graph.reordered(x, to: Descriptor(x.shape))
    let state = DropoutState(path: path)
    graph.register(state)
    let y = try Value(placed.descriptor, needsGradient: x.needsGradient)
    let rate = rate
    graph.add("dropout \(path)", reads: [placed], writes: [y]) {
      state.apply(rate: rate, from: placed.floats, to: y.floats)
    }
    graph.onBackward(of: y) { gradient in
      guard placed.needsGradient else { return }
      let gradient = try graph.reordered(gradient, to: placed.descriptor)
      let result = try Value(placed.descriptor)
      graph.add("gradient of dropout \(path)", reads: [gradient], writes: [result]) {
        state.apply(rate: rate, from: gradient.floats, to: result.floats)
      }
      graph.addGradient(result, to: placed)
    }
    return TensorReference(value: y)
  }
}

/// The mask of one dropout layer in the current step, as a function rather than as memory.
final class DropoutState {
  private let pathHash: UInt64
  /// Seed and step together; the trainer sets it before each forward pass.
  var key: UInt64 = 0

  init(path: String) {
    pathHash = path.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }

  func apply(rate: Float, from x: UnsafeMutableBufferPointer<Float>, to y: UnsafeMutableBufferPointer<Float>) {
    let threshold = UInt64(Double(rate) * 0x1p64)
    let scale = 1 / (1 - rate)
    for i in 0..<x.count {
      var state = key ^ pathHash &+ UInt64(i) &* 0xd134_2543_de82_ef95
      y[i] = splitMix64(&state) < threshold ? 0 : x[i] * scale
    }
  }
}
