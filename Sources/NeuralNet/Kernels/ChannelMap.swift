internal import COneDNN

/// The values of a map [N, C, H, W] in a kernel's blocked layout, for passes of our own over channels.
///
/// The layout is [N, C / b, H, W, b] with b = 8 or 16, 32-bit or bfloat16; eight channels at a time are read and written as
/// 32-bit floats.
struct ChannelMap {
  private let value: Value
  let batch: Int
  let channels: Int
  let positions: Int
  private let block: Int
  private let isBFloat16: Bool

  /// The layout that `init` takes: the tensor's own if it is blocked, else blocks of 16.
  static func layout(of descriptor: Descriptor) -> Descriptor {
    if blockSize(of: descriptor) != nil { return descriptor }
    let dims = descriptor.shape.map { dnnl_dim_t($0) }
    var raw = dnnl_memory_desc_t()
    let status = dnnl_memory_desc_init_by_tag(&raw, 4, dims, descriptor.type, dnnl_nChw16c)
    precondition(status == dnnl_success, "A map has four axes")
    return Descriptor(raw: raw)
  }

  init(_ value: Value) {
    guard let block = ChannelMap.blockSize(of: value.descriptor) else {
      preconditionFailure("A channel map is blocked: reorder it to ChannelMap.layout(of:)")
    }
    self.value = value
    self.block = block
    (batch, channels, positions) = (value.shape[0], value.shape[1], value.shape[2] * value.shape[3])
    isBFloat16 = value.descriptor.type == dnnl_bf16
  }

  private static func blockSize(of descriptor: Descriptor) -> Int? {
    for (tag, size) in [(dnnl_nChw16c, 16), (dnnl_nChw8c, 8)] {
      var raw = dnnl_memory_desc_t()
      let dims = descriptor.shape.map { dnnl_dim_t($0) }
      guard dnnl_memory_desc_init_by_tag(&raw, 4, dims, descriptor.type, tag) == dnnl_success else { continue }
      if Descriptor(raw: raw) == descriptor { return size }
    }
    return nil
  }

  /// Calls `body` for each sample and each eight channels of it, samples in parallel.
  ///
  /// `first` is the offset of the channels' values at the first position; those at the next are `stride` further on.
  /// Channels past the last, which fill up the last block, are passed too: kernels expect zeros there.
  func forEachLane(_ body: @escaping @Sendable (_ sample: Int, _ channel: Int, _ first: Int, _ stride: Int) -> Void) {
    let blocks = (channels + block - 1) / block
    let (positions, block) = (positions, block)
    ThreadTeam.forEach(batch) { sample in
      for channel in stride(from: 0, to: blocks * block, by: 8) {
        let start = ((sample * blocks + channel / block) * positions) * block + channel % block
        body(sample, channel, start, block)
      }
    }
  }

  /// Access to the memory, once the network is compiled.
  var lanes: Lanes { Lanes(pointer: value.pointer, isBFloat16: isBFloat16) }

  /// Eight values side by side, as 32-bit floats whatever they are stored as.
  struct Lanes: @unchecked Sendable {
    fileprivate let pointer: UnsafeMutableRawPointer
    fileprivate let isBFloat16: Bool

    subscript(offset: Int) -> SIMD8<Float> {
      get {
        guard isBFloat16 else { return (pointer + offset * 4).loadUnaligned(as: SIMD8<Float>.self) }
        let halves = (pointer + offset * 2).loadUnaligned(as: SIMD8<UInt16>.self)
        return unsafeBitCast(SIMD8<UInt32>(truncatingIfNeeded: halves) &<< 16, to: SIMD8<Float>.self)
      }
      nonmutating set {
        guard isBFloat16 else {
          (pointer + offset * 4).storeBytes(of: newValue, as: SIMD8<Float>.self)
          return
        }
        let bits = unsafeBitCast(newValue, to: SIMD8<UInt32>.self)
        let rounded = bits &+ 0x7fff &+ ((bits &>> 16) & 1)
        (pointer + offset * 2).storeBytes(of: SIMD8<UInt16>(truncatingIfNeeded: rounded &>> 16), as: SIMD8<UInt16>.self)
      }
    }
  }
}
