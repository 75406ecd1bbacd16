internal import COneDNN

/// A 3x3 convolution over a map of 2x2 pixels as the product of matrices that it is.
///
/// Every pixel of the result sees every pixel of the map, through a tap of its own: 16 of the 36 taps, where the other 20 lie on
/// padding. The batch's maps, [N, 2, 2, C] in memory, are read as N rows of 4 C values, and one inner product from 4 C to 4 K
/// does the same: W[(p, k), (q, c)] = w[k, c, tap from pixel q to pixel p].
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

  private static func tap(from q: Int, to p: Int) -> Int { (q / 2 - p / 2 + 1) * 3 + q % 2 - p % 2 + 1 }

  // MARK: In 16 and 32 bits

  /// Whether the inner product's weights can be put together from those of single taps: they come in blocks of channels.
  var isInnerProduct: Bool { convolution.inputChannels % 64 == 0 && convolution.outputChannels % 64 == 0 }

  /// Adds the layer, with the gradients that are asked for.
  func build(_ x: Value, into graph: GraphBuilder, path: String) throws -> Value {
    graph.multiplyAdds += convolution.multiplyAdds(x.shape)
    let tapwise = TapwiseWeightGradient(
      convolution: convolution, inputShape: x.shape, outputShape: convolution.outputShape(x.shape), path: path,
      isTransposed: true)
    let kernel = try forwardKernel(graph, hasBias: false, path: path)
    let weight = try convolution.weightParameter(tapwise.layout, path, graph)
    let wide = try joined(weight.value, as: kernel.descriptor(dnnl_query_weights_md), name: weight.name, in: graph)
    let rows = try rows(x, path, graph)
    let y = try product(
      kernel, (DNNL_ARG_SRC, rows), [(DNNL_ARG_WEIGHTS, wide)], DNNL_ARG_DST, channels: convolution.outputChannels,
      like: x, needsGradient: x.needsGradient || graph.gradients.contains(.parameters), path, graph)

    graph.onBackward(of: y) { gradient in
      if let weightGradient = weight.gradient {
        let source = try Value(narrowLayout(x.shape[1], rows.descriptor.type), buffer: rows.buffer)
        try tapwise.add(gradient, source: source, into: weightGradient, bias: nil, to: graph)
      }
      if x.needsGradient {
        try addInputGradient(gradient, of: x, weight: weight, wide: wide, forward: kernel, path: path, to: graph)
      }
    }
    return y
  }

  /// Adds the layer with its batch norm and activation folded in.
  ///
  /// - Parameter scaled: the weights times the batch norm's factors, row-major.
  func build(
    _ x: Value, _ folded: FoldedNorm, scaled: Value, activation: Activation?, into graph: GraphBuilder, path: String
  ) throws -> Value {
    let attributes = try activation.map { try PrimitiveAttributes(appending: $0) }
    let kernel = try withExtendedLifetime(attributes) {
      try forwardKernel(graph, hasBias: true, attributes: attributes?.handle, path: path)
    }
    let wide = try joined(scaled, as: kernel.descriptor(dnnl_query_weights_md), name: folded.name, in: graph)
    let shift = try widened(folded.shift, of: folded.name, graph)
    return try product(
      kernel, (DNNL_ARG_SRC, rows(x, path, graph)), [(DNNL_ARG_WEIGHTS, wide), (DNNL_ARG_BIAS, shift)], DNNL_ARG_DST,
      channels: convolution.outputChannels, like: x, needsGradient: false, path, graph)
  }

  /// Adds the inner product of rows, and brings what it gives into the layout of `x`.
  private func product(
    _ kernel: PrimitiveDescriptor, _ source: (argument: Int32, rows: Value), _ constants: [(Int32, Value)],
    _ target: Int32, channels: Int, like x: Value, needsGradient: Bool, _ path: String, _ graph: GraphBuilder
  ) throws -> Value {
    let product = try Value(rowLayout(channels, source.rows.descriptor.type))
    try graph.add(
      kernel, [(source.argument, source.rows)] + constants + [(target, product)], reads: [source.rows],
      writes: [product], rounding: [product])
    return try maps(product, like: x, channels: channels, path, graph, needsGradient: needsGradient)
  }

  private func forwardKernel(
    _ graph: GraphBuilder, hasBias: Bool, attributes: dnnl_primitive_attr_t? = nil, path: String
  ) throws -> PrimitiveDescriptor {
    let type = graph.activationType
    let shape = [convolution.outputChannels, convolution.inputChannels].map { Self.pixels * $0 }
    var operation = dnnl_inner_product_desc_t()
    let status = withPointers(
      rowLayout(convolution.inputChannels, type), Descriptor(shape, type, layout: .any),
      hasBias ? Descriptor([shape[0]]) : nil, rowLayout(convolution.outputChannels, type)
    ) { dnnl_inner_product_forward_desc_init(&operation, dnnl_forward_training, $0, $1, $2, $3) }
    try OneDNN.check(status, "convolution \(path)")
    return try PrimitiveDescriptor("convolution \(path)", operation, attributes: attributes)
  }

  private func addInputGradient(
    _ gradient: Value, of x: Value, weight: Parameter, wide: Value, forward: PrimitiveDescriptor, path: String,
    to graph: GraphBuilder
  ) throws {
    let type = graph.activationType
    var operation = dnnl_inner_product_desc_t()
    let status = withPointers(
      rowLayout(convolution.inputChannels, type), Descriptor(wide.shape, type, layout: .any), nil,
      rowLayout(convolution.outputChannels, type)
    ) { source, weight, _, target in
      dnnl_inner_product_backward_data_desc_init(&operation, source, weight, target)
    }
    try OneDNN.check(status, "input gradient of \(path)")
    let kernel = try PrimitiveDescriptor("input gradient of \(path)", operation, forward: forward)
    // On most processors both directions read the weights from one place.
    let wanted = kernel.descriptor(dnnl_query_weights_md)
    let wide = wanted == wide.descriptor ? wide : try joined(weight.value, as: wanted, name: weight.name, in: graph)
    let result = try product(
      kernel, (DNNL_ARG_DIFF_DST, rows(gradient, path, graph)), [(DNNL_ARG_WEIGHTS, wide)], DNNL_ARG_DIFF_SRC,
      channels: convolution.inputChannels, like: x, needsGradient: true, path, graph)
    graph.addGradient(result, to: x)
  }

  /// The inner product's weights, written tap by tap whenever those of the convolution have changed.
  ///
  /// - Parameter weights: [K, C, 3, 3], not in blocks.
  private func joined(_ weights: Value, as layout: Descriptor, name: String, in graph: GraphBuilder) throws -> Value {
    let wide = try graph.persistent(layout)
    let (outputs, inputs) = (convolution.outputChannels, convolution.inputChannels)
    for p in 0..<Self.pixels {
      for q in 0..<Self.pixels {
        let tap = Self.tap(from: q, to: p)
        let taken = try weights.descriptor.part(from: [0, 0, tap / 3, tap % 3], [outputs, inputs, 1, 1])
        let part = try layout.part(from: [p * outputs, q * inputs], [outputs, inputs])
        let copy = try reorderPrimitive(
          from: Value(taken.matrix, buffer: weights.buffer, byteOffset: weights.byteOffset),
          to: Value(part, buffer: wide.buffer))
        graph.prepare("\(name) for its kernel") { try copy.run() }
      }
    }
    if graph.roundsToBFloat16 { graph.prepare("round \(name)") { roundToBFloat16(wide.floats) } }
    return wide
  }

  /// The maps as N rows of pixels with their channels, in the number format of activations.
  private func rows(_ x: Value, _ path: String, _ graph: GraphBuilder) throws -> Value {
    let (channels, type) = (x.shape[1], graph.activationType)
    let rows = try Value(rowLayout(channels, type), needsGradient: false)
    let copy = try reorderPrimitive(from: x, to: Value(narrowLayout(channels, type), buffer: rows.buffer))
    graph.add("rows of \(path)", reads: [x], writes: [rows]) { try copy.run() }
    return rows
  }

  /// The reverse, in the layout of a tensor that the neighbours agree on.
  private func maps(
    _ rows: Value, like x: Value, channels: Int, _ path: String, _ graph: GraphBuilder, needsGradient: Bool
  ) throws -> Value {
    let type = rows.descriptor.type
    let view = try Value(narrowLayout(channels, type), buffer: rows.buffer, needsGradient: needsGradient)
    guard channels == x.shape[1] else { return view }
    let maps = try Value(x.descriptor.with(type: type), needsGradient: needsGradient)
    let copy = try reorderPrimitive(from: view, to: maps)
    graph.add("rows of \(path)", reads: [rows], writes: [maps]) { try copy.run() }
    return maps
  }

  /// [N, 4 C].
  private func rowLayout(_ channels: Int, _ type: dnnl_data_type_t) -> Descriptor {
    Descriptor([batch, Self.pixels * channels], type)
  }

  // MARK: In 8 bits

  /// The product as a 1x1 convolution, from 4 C to 4 K channels of N pixels.
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

  /// A number for each channel as one for each pixel of it.
  func widened(_ channels: Value, of name: String, _ graph: GraphBuilder) throws -> Value {
    let result = try graph.persistent(Descriptor([Self.pixels * convolution.outputChannels]))
    graph.prepare("widen \(name)") {
      let (narrow, wide) = (channels.floats, result.floats)
      for i in wide.indices { wide[i] = narrow[i % narrow.count] }
    }
    return result
  }

  /// W[(p, k), (q, c)] = w[k, c, tap from q to p] scale, for one k.
  func widen(
    _ weights: UnsafeBufferPointer<Float>, _ k: Int, by scale: Float, to wide: UnsafeMutableBufferPointer<Float>
  ) {
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    for p in 0..<Self.pixels {
      for q in 0..<Self.pixels {
        let tap = Self.tap(from: q, to: p)
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
