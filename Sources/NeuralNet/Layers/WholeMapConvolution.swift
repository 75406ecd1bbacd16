internal import COneDNN

/// A 3x3 convolution over a map of 2x2 pixels as the product of matrices that it is.
///
/// Every pixel of the result sees every pixel of the map, through a tap of its own: 16 of the 36 taps, where the other 20 lie on
/// padding and are multiplied all the same. The batch's maps, [N, 2, 2, C] in memory, are read as N pixels of 4 C channels, and
/// a 1x1 convolution from 4 C to 4 K channels does the same with less than half of the products.
struct WholeMapConvolution {
  private static let pixels = 4
  let convolution: Conv2D
  /// N.
  let batch: Int

  /// The view of a convolution over inputs of this shape; nil where they are larger, or smaller.
  init?(_ convolution: Conv2D, inputShape: [Int]) {
    guard
      convolution.kernelSize == 3, convolution.padding == 1, convolution.stride == 1, convolution.groups == 1,
      inputShape[2...] == [2, 2]
    else { return nil }
    self.convolution = convolution
    batch = inputShape[0]
  }

  /// The 1x1 convolution.
  var wide: Conv2D {
    Conv2D(
      inputChannels: Self.pixels * convolution.inputChannels, outputChannels: Self.pixels * convolution.outputChannels,
      kernelSize: 1)
  }

  /// [N, C, 2, 2] as [1, 4 C, N, 1], in the same memory.
  func widened(_ x: Value, _ graph: GraphBuilder) throws -> Value {
    let placed = try graph.reordered(x, to: narrowLayout(convolution.inputChannels, x.descriptor.type))
    return try view(placed, as: wideLayout(convolution.inputChannels, x.descriptor.type))
  }

  /// [1, 4 K, N, 1] as [N, K, 2, 2], in the same memory.
  func narrowed(_ y: Value, _ graph: GraphBuilder) throws -> Value {
    let placed = try graph.reordered(y, to: wideLayout(convolution.outputChannels, y.descriptor.type))
    return try view(placed, as: narrowLayout(convolution.outputChannels, y.descriptor.type))
  }

  /// Copies the batch norm's two numbers of each channel to each pixel of it.
  func widened(_ folded: FoldedNorm, _ graph: GraphBuilder) throws -> FoldedNorm {
    let channels = Descriptor([Self.pixels * convolution.outputChannels])
    let (factor, shift) = (try graph.persistent(channels), try graph.persistent(channels))
    graph.prepare("widen \(folded.name)") {
      for (narrow, wide) in [(folded.factor.floats, factor.floats), (folded.shift.floats, shift.floats)] {
        for i in wide.indices { wide[i] = narrow[i % narrow.count] }
      }
    }
    return FoldedNorm(weight: folded.weight, factor: factor, shift: shift, name: folded.name)
  }

  /// W[(p, k), (q, c)] = w[k, c, tap from q to p] scale, for one k.
  func widen(
    _ weights: UnsafeBufferPointer<Float>, of k: Int, scale: Float, to wide: UnsafeMutableBufferPointer<Float>
  ) {
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    for p in 0..<Self.pixels {
      for q in 0..<Self.pixels {
        let tap = (q / 2 - p / 2 + 1) * 3 + q % 2 - p % 2 + 1
        let to = ((p * outputs + k) * Self.pixels + q) * inputs
        for c in 0..<inputs { wide[to + c] = weights[c * 9 + tap] * scale }
      }
    }
  }

  private func view(_ value: Value, as descriptor: Descriptor) throws -> Value {
    let view = try Value(
      descriptor, buffer: value.buffer, byteOffset: value.byteOffset, needsGradient: value.needsGradient)
    view.isNonNegative = value.isNonNegative
    return view
  }

  private func narrowLayout(_ channels: Int, _ type: dnnl_data_type_t) -> Descriptor {
    Descriptor([batch, channels, 2, 2], strides: [Self.pixels * channels, 1, 2 * channels, channels], type)
  }

  private func wideLayout(_ channels: Int, _ type: dnnl_data_type_t) -> Descriptor {
    let length = Self.pixels * channels
    return Descriptor([1, length, batch, 1], strides: [batch * length, 1, length, length], type)
  }
}
