/// The number format of activations and weights inside a network.
///
/// Master weights, batch statistics, losses and optimizer states are 32-bit floats in each.
public enum Precision: String, Sendable, CaseIterable, Codable {
  /// 32-bit floats throughout.
  case float32
  /// bfloat16 activations and weights: kernels of the processor's own where it has AVX-512, otherwise 32-bit kernels
  /// whose results are rounded to bfloat16 (the same numbers, without the speed).
  case bfloat16
  /// 8-bit integers where the processor multiplies them fastest (VNNI), in the convolutions of a network that only
  /// predicts, and what `auto` is elsewhere: twice bfloat16's speed, for answers that are averaged.
  ///
  /// The factors between values and integers come from the first batch: see `Network.recalibrate()`.
  case int8
  /// bfloat16 where the processor computes it faster (AVX512_BF16, AMX), else float32.
  case auto

  /// The format that is really used on this processor.
  public var resolved: Precision {
    switch self {
    case .float32, .bfloat16: self
    case .int8: Processor.hasFastInt8 ? .int8 : Precision.auto.resolved
    case .auto: Processor.hasFastBFloat16 ? .bfloat16 : .float32
    }
  }
}
