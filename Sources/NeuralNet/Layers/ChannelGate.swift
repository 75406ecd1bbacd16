#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Weighs the channels of a map by what their means say: the part that ECA and squeeze-and-excitation share.
///
/// s = sigmoid(f(m)), m[n, c] = mean of x[n, c], y[n, c] = x[n, c] s[n, c]. Shapes: m, f(m), s [N, C], row-major, 32-bit.
struct ChannelGate {
  let path: String
  /// f: writes f(m) for all samples.
  let forward: (_ means: UnsafeMutableBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>) -> Void
  /// Writes dL/dm, and the gradients of f's parameters, from m and dL/df(m).
  let backward:
    (
      _ means: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>,
      _ result: UnsafeMutableBufferPointer<Float>
    ) -> Void

  /// Adds the gate and its backward pass.
  func build(_ input: Value, into graph: GraphBuilder) throws -> TensorReference {
    let x = try graph.reordered(input, to: ChannelMap.layout(of: input.descriptor))
    let y = try Value(x.descriptor, needsGradient: x.needsGradient || graph.gradients.contains(.parameters))
    let vectors = Descriptor(Array(x.shape.prefix(2)))
    let (means, scales) = (try Value(vectors), try Value(vectors))
    let (from, to) = (ChannelMap(x), ChannelMap(y))
    let rounds = graph.roundsToBFloat16
    let forward = forward
    graph.add("channel gate \(path)", reads: [x], writes: [y, means, scales]) {
      ChannelGate.writeMeans(of: from, to: means.floats)
      forward(means.floats, scales.floats)
      let s = scales.floats
      for i in 0..<s.count { s[i] = 1 / (1 + expf(-s[i])) }
      ChannelGate.writeScaled(from, by: s, plus: nil, to: to)
      if rounds { roundToBFloat16(y.floats) }
    }
    graph.onBackward(of: y) { gradient in
      try addBackward(gradient, x: x, means: means, scales: scales, to: graph)
    }
    return TensorReference(value: y)
  }

  /// dx = dy s + dL/dm / positions, where dL/dm comes through s: dL/ds[n, c] = sum of dy x.
  private func addBackward(_ gradient: Value, x: Value, means: Value, scales: Value, to graph: GraphBuilder) throws {
    let dy = try graph.reordered(gradient, to: x.descriptor)
    let dx = try Value(x.descriptor)
    let (slopes, meanSlopes) = (try Value(means.descriptor), try Value(means.descriptor))
    let (from, given, to) = (ChannelMap(x), ChannelMap(dy), ChannelMap(dx))
    let rounds = graph.roundsToBFloat16
    let backward = backward
    graph.add("gradient of channel gate \(path)", reads: [x, dy, means, scales], writes: [dx, slopes, meanSlopes]) {
      let (s, slope, meanSlope) = (scales.floats, slopes.floats, meanSlopes.floats)
      ChannelGate.writeProducts(of: given, and: from, to: slope)
      for i in 0..<s.count { slope[i] *= s[i] * (1 - s[i]) }
      backward(means.floats, slope, meanSlope)
      let share = 1 / Float(from.positions)
      for i in 0..<meanSlope.count { meanSlope[i] *= share }
      ChannelGate.writeScaled(given, by: s, plus: meanSlope, to: to)
      if rounds { roundToBFloat16(dx.floats) }
    }
    if x.needsGradient { graph.addGradient(dx, to: x) }
  }

  // MARK: Passes over a map

  private static func writeMeans(of map: ChannelMap, to means: UnsafeMutableBufferPointer<Float>) {
    nonisolated(unsafe) let means = means
    let (lanes, positions, channels) = (map.lanes, map.positions, map.channels)
    map.forEachLane { sample, channel, first, stride in
      guard channel < channels else { return }
      var sum = SIMD8<Float>.zero
      for p in 0..<positions { sum += lanes[first + p * stride] }
      store(sum / Float(positions), to: means, sample * channels + channel, count: channels - channel)
    }
  }

  private static func writeProducts(
    of a: ChannelMap, and b: ChannelMap, to sums: UnsafeMutableBufferPointer<Float>
  ) {
    nonisolated(unsafe) let sums = sums
    let (left, right, positions, channels) = (a.lanes, b.lanes, a.positions, a.channels)
    a.forEachLane { sample, channel, first, stride in
      guard channel < channels else { return }
      var sum = SIMD8<Float>.zero
      for p in 0..<positions { sum += left[first + p * stride] * right[first + p * stride] }
      store(sum, to: sums, sample * channels + channel, count: channels - channel)
    }
  }

  private static func writeScaled(
    _ map: ChannelMap, by scales: UnsafeMutableBufferPointer<Float>, plus constants: UnsafeMutableBufferPointer<Float>?,
    to target: ChannelMap
  ) {
    nonisolated(unsafe) let (scales, constants) = (scales, constants)
    let (source, result, positions, channels) = (map.lanes, target.lanes, map.positions, map.channels)
    map.forEachLane { sample, channel, first, stride in
      guard channel < channels else {
        for p in 0..<positions { result[first + p * stride] = .zero }
        return
      }
      let index = sample * channels + channel
      let scale = load(scales, index, count: channels - channel)
      let constant = constants.map { load($0, index, count: channels - channel) } ?? .zero
      for p in 0..<positions { result[first + p * stride] = source[first + p * stride] * scale + constant }
    }
  }

  /// Eight values, or as many as there are and zeros.
  private static func load(_ buffer: UnsafeMutableBufferPointer<Float>, _ index: Int, count: Int) -> SIMD8<Float> {
    var result = SIMD8<Float>.zero
    for lane in 0..<min(8, count) { result[lane] = buffer[index + lane] }
    return result
  }

  private static func store(
    _ values: SIMD8<Float>, to buffer: UnsafeMutableBufferPointer<Float>, _ index: Int, count: Int
  ) {
    for lane in 0..<min(8, count) { buffer[index + lane] = values[lane] }
  }
}
