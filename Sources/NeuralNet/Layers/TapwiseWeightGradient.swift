internal import COneDNN

/// The weight gradient of a convolution as one matrix product for each tap of its kernel.
///
/// dW[:, :, a, b] = sum over output positions p of dY[p]^T X[s p + (a, b) - padding], positions outside the map left out.
/// X and dY are copied to [rows, columns, N, channels], in which the pixels that meet an output lie side by side, row by row, as
/// do the outputs they meet: each tap is a matrix product for each row, or a single one where whole rows meet. At stride 2 the
/// pixels of a tap are copied together first. Either runs at the speed of plain matrix products. On maps of a few pixels that
/// is several times as fast as the convolution kernels, which work on padding there; on larger maps the kernels win, at stride 2 in
/// bfloat16 only on those of more than 144 outputs.
struct TapwiseWeightGradient {
  let convolution: Conv2D
  /// [N, C, H, W] and [N, K, H', W'].
  let inputShape: [Int]
  let outputShape: [Int]
  let path: String
  /// True when the matrix of each tap is [C, K] in memory.
  var isTransposed = false

  /// True for maps on which this is the faster way.
  ///
  /// Measured on two Zen 4 cores with both number formats, 32 to 512 channels, batch 64 and 128; at stride 2 oneDNN's kernels for
  /// bfloat16 are slow on larger maps, too, where it is multiplied in vectors. A rule rather than a trial at
  /// start-up, because sums in another order would make two runs of one recipe differ.
  func isFaster(in type: dnnl_data_type_t) -> Bool {
    guard convolution.groups == 1 else { return false }
    // The bias gradient comes from the tap that meets every output.
    if convolution.hasBias, centre == nil { return false }
    if convolution.hasBias, convolution.stride == 1, inputShape[2...] != outputShape[2...] { return false }
    let positions = outputShape[2] * outputShape[3]
    let isFastVector = type == dnnl_bf16 && Processor.multipliesBFloat16InVectors
    return convolution.stride == 1 ? positions <= 9 : positions <= (isFastVector ? 144 : 36)
  }

  /// The number of a tap that meets every output, so that its rows hold the whole gradient of the output.
  private var centre: Int? {
    let side = convolution.kernelSize
    return (0..<side * side).first { tap in
      overlap(tap: tap / side, input: inputShape[2], output: outputShape[2]).count == outputShape[2]
        && overlap(tap: tap % side, input: inputShape[3], output: outputShape[3]).count == outputShape[3]
    }
  }

  /// The weight's layout: a matrix [K, C], or [C, K], for each tap, one after the other.
  var layout: Descriptor {
    let (outputs, inputs, side) = (convolution.outputChannels, convolution.inputChannels, convolution.kernelSize)
    return Descriptor(
      [outputs, inputs, side, side], strides: matrixStrides + [side * outputs * inputs, outputs * inputs], dnnl_f32)
  }

  /// Of a tap's matrix along K and C.
  private var matrixStrides: [Int] { isTransposed ? [1, convolution.outputChannels] : [convolution.inputChannels, 1] }

  /// Adds the copies and products that turn the output's gradient into the weight's.
  func add(_ gradient: Value, source: Value, into weightGradient: Value, bias: Value?, to graph: GraphBuilder) throws {
    let (outputs, inputs, side) = (convolution.outputChannels, convolution.inputChannels, convolution.kernelSize)
    let whole =
      convolution.stride == 1
      ? (source: try packed(source, to: graph), gradient: try packed(gradient, to: graph)) : nil
    for row in 0..<side {
      for column in 0..<side {
        let vertical = overlap(tap: row, input: inputShape[2], output: outputShape[2])
        let horizontal = overlap(tap: column, input: inputShape[3], output: outputShape[3])
        let offset = (row * side + column) * outputs * inputs * MemoryLayout<Float>.stride
        let target = try Value(
          Descriptor([outputs, inputs], strides: matrixStrides, dnnl_f32), buffer: weightGradient.buffer,
          byteOffset: offset)
        guard !vertical.isEmpty, !horizontal.isEmpty else {
          graph.add("zero tap of \(path)", reads: [], writes: []) { target.floats.update(repeating: 0) }
          continue
        }
        let bias = row * side + column == centre ? bias : nil
        if let whole {
          try addRows(whole, vertical, horizontal, target, bias: bias, to: graph)
        } else {
          let a = try packed(
            source, rows: (vertical.input, vertical.count), columns: (horizontal.input, horizontal.count),
            stride: convolution.stride, to: graph)
          let b = try packed(
            gradient, rows: (vertical.output, vertical.count), columns: (horizontal.output, horizontal.count),
            to: graph)
          try addProduct(a, b, target, bias: bias, to: graph)
        }
      }
    }
  }

  /// One tap at stride 1: a product for each row of pixels that meet outputs, or one for all if they are whole rows.
  private func addRows(
    _ packed: (source: Value, gradient: Value), _ vertical: Overlap, _ horizontal: Overlap, _ target: Value,
    bias: Value?, to graph: GraphBuilder
  ) throws {
    let isWhole = horizontal.count == inputShape[3] && horizontal.count == outputShape[3]
    let pixels = isWhole ? vertical.count * horizontal.count : horizontal.count
    for row in 0..<(isWhole ? 1 : vertical.count) {
      let a = try view(
        of: packed.source, from: (vertical.input + row) * inputShape[3] + horizontal.input, pixels: pixels)
      let b = try view(
        of: packed.gradient, from: (vertical.output + row) * outputShape[3] + horizontal.output, pixels: pixels)
      if row == 0 {
        try addProduct(a, b, target, bias: bias, to: graph)
      } else {
        try accumulateProduct(a, b, target, to: graph)
      }
    }
  }

  /// Along one axis: the first input and output position of a tap, and how many outputs it serves.
  private typealias Overlap = (input: Int, output: Int, count: Int, isEmpty: Bool)

  private func overlap(tap: Int, input: Int, output: Int) -> Overlap {
    let stride = convolution.stride
    let shift = tap - convolution.padding
    let first = shift < 0 ? (-shift + stride - 1) / stride : 0
    let last = min(output - 1, input - 1 - shift < 0 ? -1 : (input - 1 - shift) / stride)
    return (first * stride + shift, first, last - first + 1, last < first)
  }

  /// A part of a tensor, all of it unless told otherwise, as [positions x N, channels], row-major.
  private func packed(
    _ value: Value, rows: (first: Int, count: Int)? = nil, columns: (first: Int, count: Int)? = nil, stride: Int = 1,
    to graph: GraphBuilder
  ) throws -> Value {
    let window = try value.descriptor.window(
      rows: rows ?? (0, value.shape[2]), columns: columns ?? (0, value.shape[3]), stride: stride)
    let shape = window.shape
    let (batch, channels) = (shape[0], shape[1])
    let type = value.descriptor.type
    let flat = Descriptor([shape[2] * shape[3] * batch, channels], type)
    let source = try Value(window, buffer: value.buffer, byteOffset: value.byteOffset)
    let buffer = Buffer(byteCount: flat.byteCount)
    let placed = try Value(
      Descriptor(shape, strides: [channels, 1, shape[3] * batch * channels, batch * channels], type), buffer: buffer)
    let copy = try reorderPrimitive(from: source, to: placed)
    let result = try Value(flat, buffer: buffer)
    graph.add("taps of \(path)", reads: [value], writes: [result]) { try copy.run() }
    return result
  }

  /// Some pixels of a packed tensor, as a matrix of its own.
  private func view(of packed: Value, from first: Int, pixels: Int) throws -> Value {
    let (batch, channels) = (inputShape[0], packed.shape[1])
    let type = packed.descriptor.type
    return try Value(
      Descriptor([pixels * batch, channels], type), buffer: packed.buffer,
      byteOffset: first * Descriptor([batch, channels], type).byteCount)
  }

  /// target = b^T a and bias = the sum of b's rows, as the gradients of an inner product over all rows.
  private func addProduct(_ a: Value, _ b: Value, _ target: Value, bias: Value?, to graph: GraphBuilder) throws {
    let name = "weight gradient of \(path)"
    let type = a.descriptor.type
    var operation = dnnl_inner_product_desc_t()
    var status = withPointers(a.descriptor, target.descriptor.with(type: type), bias?.descriptor, b.descriptor) {
      dnnl_inner_product_forward_desc_init(&operation, dnnl_forward_training, $0, $1, $2, $3)
    }
    try OneDNN.check(status, name)
    let forward = try PrimitiveDescriptor(name, operation)
    status = withPointers(a.descriptor, target.descriptor, bias?.descriptor, b.descriptor) {
      dnnl_inner_product_backward_weights_desc_init(&operation, $0, $1, $2, $3)
    }
    try OneDNN.check(status, name)
    var arguments = [(DNNL_ARG_SRC, a), (DNNL_ARG_DIFF_DST, b), (DNNL_ARG_DIFF_WEIGHTS, target)]
    if let bias { arguments.append((DNNL_ARG_DIFF_BIAS, bias)) }
    try graph.add(
      PrimitiveDescriptor(name, operation, forward: forward), arguments, reads: [a, b], writes: [])
  }

  /// target += b^T a, or its transpose a^T b.
  private func accumulateProduct(_ a: Value, _ b: Value, _ target: Value, to graph: GraphBuilder) throws {
    let (left, right) = isTransposed ? (a, b) : (b, a)
    let name = "weight gradient of \(path)"
    let transposed = Descriptor(left.shape.reversed(), strides: [1, left.shape[1]], left.descriptor.type)
    let product = try Value(
      Descriptor([left.shape[1], right.shape[1]]), buffer: target.buffer, byteOffset: target.byteOffset)
    var operation = dnnl_matmul_desc_t()
    let status = withPointers(transposed, right.descriptor, nil, product.descriptor) {
      dnnl_matmul_desc_init(&operation, $0, $1, $2, $3)
    }
    try OneDNN.check(status, name)
    let attributes = try PrimitiveAttributes.adding()
    let columns = try Value(transposed, buffer: left.buffer, byteOffset: left.byteOffset)
    let kernel = try withExtendedLifetime(attributes) {
      try PrimitiveDescriptor(name, operation, attributes: attributes.handle)
    }
    try graph.add(
      kernel, [(DNNL_ARG_SRC, columns), (DNNL_ARG_WEIGHTS, right), (DNNL_ARG_DST, product)], reads: [a, b], writes: [])
  }
}
