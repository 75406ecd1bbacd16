#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// ECA: a channel's weight follows from the means of its neighbours among the channels.
///
/// f(m)[c] = sum_j w[j] m[c + j - (k - 1) / 2], zeros outside; y = x sigmoid(f(m)). Shapes: [N, C, H, W] to the same.
/// Parameter: `conv.weight` [1, 1, k]. With w = 0 the output is exactly half the input.
/// Source: Wang et al. 2020, "ECA-Net", equations 5 and 12.
public struct EfficientChannelAttention: Layer {
  /// C.
  public var channels: Int
  /// k, odd.
  public var kernelSize: Int

  /// Creates the layer; the kernel follows from the number of channels unless given.
  public init(channels: Int, kernelSize: Int? = nil) {
    self.channels = channels
    self.kernelSize = kernelSize ?? EfficientChannelAttention.kernelSize(channels: channels)
  }

  /// k = |log2(C) / 2 + 1 / 2| to the next odd number: equation 12 with gamma 2 and b 1.
  public static func kernelSize(channels: Int) -> Int {
    let t = Int((log2(Double(channels)) + 1) / 2)
    return t % 2 == 1 ? t : t + 1
  }

  /// Adds the gate.
  public func build(_ input: TensorReference, into graph: GraphReference, path: String) throws -> TensorReference {
    let (channels, k) = (channels, kernelSize)
    let weight = try graph.builder.parameter(
      path.appending(component: "conv.weight"), Descriptor([k]), canonicalShape: [1, 1, k],
      initial: .uniform(bound: 1 / Float(k).squareRoot()))
    // Tap by tap, so that the loops over channels run on vectors: for tap j the channels whose neighbour there exists.
    let taps = (0..<k).map { j in
      let offset = j - (k - 1) / 2
      return (offset: offset, channels: min(channels, max(0, -offset))..<max(0, channels - max(0, offset)))
    }
    return try ChannelGate(path: path) { means, result in
      let w = weight.value.floats
      result.update(repeating: 0)
      for start in stride(from: 0, to: means.count, by: channels) {
        for (j, tap) in taps.enumerated() {
          let scale = w[j]
          for c in tap.channels { result[start + c] += scale * means[start + c + tap.offset] }
        }
      }
    } backward: { means, gradient, result in
      let w = weight.value.floats
      result.update(repeating: 0)
      for start in stride(from: 0, to: means.count, by: channels) {
        for (j, tap) in taps.enumerated() {
          let scale = w[j]
          for c in tap.channels { result[start + c + tap.offset] += scale * gradient[start + c] }
        }
      }
      guard let sums = weight.gradient?.floats else { return }
      sums.update(repeating: 0)
      let (m, g) = (Floats(means), Floats(gradient))
      for start in stride(from: 0, to: means.count, by: channels) {
        for (j, tap) in taps.enumerated() {
          var sixteen = SIMD16<Float>.zero
          var c = tap.channels.lowerBound
          while c + 16 <= tap.channels.upperBound {
            sixteen += m.sixteen(at: start + c + tap.offset) * g.sixteen(at: start + c)
            c += 16
          }
          sums[j] += sixteen.sum()
          while c < tap.channels.upperBound {
            sums[j] += m[start + c + tap.offset] * g[start + c]
            c += 1
          }
        }
      }
    }.build(input.value, into: graph.builder)
  }
}
