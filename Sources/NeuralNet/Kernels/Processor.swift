import COneDNN

/// What the processor can do, as far as the kernels care.
public enum Processor {
  /// True when bfloat16 products run in hardware (AVX512_BF16, AMX).
  public static var hasFastBFloat16: Bool { instructionSet & 0x80 != 0 }

  /// True when bfloat16 products run in hardware, and in vectors: matrices (AMX) multiply so fast that an algorithm with fewer
  /// products has nothing to save.
  static var multipliesBFloat16InVectors: Bool { hasFastBFloat16 && instructionSet & 0x100 == 0 }

  /// True when oneDNN has bfloat16 kernels at all (any AVX-512).
  public static var hasBFloat16Kernels: Bool { instructionSet & 0x20 != 0 }

  /// True when products of 8-bit integers run in hardware (AVX512_VNNI) and cannot overflow on the way.
  public static var hasFastInt8: Bool { instructionSet & 0x40 != 0 }

  /// The instruction set oneDNN uses, for reports: `AVX2`, `AVX-512`, ...
  public static var instructionSetName: String {
    switch instructionSet {
    case let set where set & 0x100 != 0: "AMX"
    case let set where set & 0x80 != 0: "AVX-512 with bfloat16"
    case let set where set & 0x20 != 0: "AVX-512"
    case let set where set & 0x4 != 0: "AVX2"
    default: "SSE4.1"
    }
  }

  /// Bits of `dnnl_cpu_isa_t`: each set contains those below it.
  private static var instructionSet: UInt32 { UInt32(dnnl_get_effective_cpu_isa().rawValue) }
}
