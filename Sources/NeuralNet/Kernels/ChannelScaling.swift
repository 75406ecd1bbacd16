/// Copies a convolution's weights, row-major, those of each output channel multiplied by a number that may depend on them; the
/// result may lie in the same place.
func scaleChannels(
  of weights: UnsafeMutableBufferPointer<Float>, to result: UnsafeMutableBufferPointer<Float>, count channels: Int,
  by factor: (_ channel: Int, _ weights: UnsafeBufferPointer<Float>) -> Float
) {
  nonisolated(unsafe) let result = result
  forEachChannel(of: weights, count: channels) { k, source in
    scaleChannel(source, k, by: factor(k, source), to: result)
  }
}

/// Copies the weights of one output channel to their place, multiplied by a number.
func scaleChannel(
  _ weights: UnsafeBufferPointer<Float>, _ channel: Int, by scale: Float, to result: UnsafeMutableBufferPointer<Float>
) {
  let start = channel * weights.count
  for i in weights.indices { result[start + i] = weights[i] * scale }
}

/// Hands out the weights of each output channel, on all cores.
func forEachChannel(
  of weights: UnsafeMutableBufferPointer<Float>, count channels: Int,
  _ body: (_ channel: Int, _ weights: UnsafeBufferPointer<Float>) -> Void
) {
  let length = weights.count / channels
  // A few thousand values at a time, so that small layers are not handed around.
  let piece = max(1, 16384 / length)
  nonisolated(unsafe) let weights = weights
  withoutActuallyEscaping(body) { body in
    nonisolated(unsafe) let body = body
    ThreadTeam.forEach((channels + piece - 1) / piece) { chunk in
      for k in chunk * piece..<min((chunk + 1) * piece, channels) {
        body(k, UnsafeBufferPointer(rebasing: weights[k * length..<(k + 1) * length]))
      }
    }
  }
}

/// What counts as the largest value where all are zero.
let smallestMagnitude: Float = 1e-30

/// The largest absolute value, and at least `smallestMagnitude`; NaN where one is.
func largestMagnitude(_ values: UnsafeBufferPointer<Float>) -> Float {
  // Without their signs, numbers are in order as integers, which are compared several at a time.
  let bits = values.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7fff_ffff) }
  return max(Float(bitPattern: bits), smallestMagnitude)
}
