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
    let half = (k - 1) / 2
    return try ChannelGate(path: path) { means, result in
      let w = weight.value.floats
      for start in stride(from: 0, to: means.count, by: channels) {
        for c in 0..<channels {
          var sum: Float = 0
          for j in max(0, half - c)..<min(k, channels + half - c) { sum += w[j] * means[start + c + j - half] }
          result[start + c] = sum
        }
      }
    } backward: { means, gradient, result in
      let w = weight.value.floats
      weight.gradient?.floats.update(repeating: 0)
      result.update(repeating: 0)
      for start in stride(from: 0, to: means.count, by: channels) {
        for c in 0..<channels {
          let slope = gradient[start + c]
          for j in max(0, half - c)..<min(k, channels + half - c) {
            result[start + c + j - half] += w[j] * slope
            if let sums = weight.gradient?.floats { sums[j] += means[start + c + j - half] * slope }
          }
        }
      }
    }.build(input.value, into: graph.builder)
  }
}
