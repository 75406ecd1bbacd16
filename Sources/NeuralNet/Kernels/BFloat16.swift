/// Rounds 32-bit floats in place to the nearest bfloat16 value, ties to even: what a bfloat16 kernel would have stored.
///
/// NaN stays NaN (it keeps its upper bits, of which the quiet bit is set).
func roundToBFloat16(_ values: UnsafeMutableBufferPointer<Float>) {
  guard let base = values.baseAddress else { return }
  base.withMemoryRebound(to: UInt32.self, capacity: values.count) { bits in
    for i in 0..<values.count {
      let word = bits[i]
      let rounded = (word &+ 0x7fff &+ ((word >> 16) & 1)) & 0xffff_0000
      let isNaN = (word & 0x7fff_ffff) > 0x7f80_0000
      bits[i] = isNaN ? (word | 0x0040_0000) & 0xffff_0000 : rounded
    }
  }
}
