/// The number format of activations and weights inside a network.
///
/// Master weights, batch statistics, losses and optimizer states are 32-bit floats in either.
public enum Precision: String, Sendable, CaseIterable, Codable {
  /// 32-bit floats throughout.
  case float32
  /// bfloat16 activations and weights: kernels of the processor's own where it has AVX-512, otherwise 32-bit kernels
  /// whose results are rounded to bfloat16 (the same numbers, without the speed).
  case bfloat16
  /// bfloat16 where the processor computes it faster (AVX512_BF16, AMX), else float32.
  case auto

  /// The format that is really used: `auto` resolved for this processor.
  public var resolved: Precision {
    guard self == .auto else { return self }
    return Processor.hasFastBFloat16 ? .bfloat16 : .float32
  }
}
