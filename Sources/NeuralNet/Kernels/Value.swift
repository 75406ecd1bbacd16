internal import COneDNN

/// A stretch of memory that one or more steps write and read.
///
/// Buffers with a `pointer` of their own live as long as the network; the others share the arena, each from the first
/// step that writes it to the last that reads it.
final class Buffer {
  var byteCount: Int
  var pointer: UnsafeMutableRawPointer?
  var firstStep = Int.max
  var lastStep = -1
  /// Values whose memory objects must be told when the buffer gets its place.
  var values: [Value] = []

  init(byteCount: Int) { self.byteCount = byteCount }

  func touch(step: Int) {
    firstStep = min(firstStep, step)
    lastStep = max(lastStep, step)
  }

  func place(at pointer: UnsafeMutableRawPointer) throws {
    self.pointer = pointer
    for value in values {
      try value.place()
    }
  }
}

/// A tensor inside a compiled network: what one step writes and later steps read.
final class Value {
  let descriptor: Descriptor
  let buffer: Buffer
  /// Where the tensor starts in its buffer.
  let byteOffset: Int
  let memory: dnnl_memory_t
  /// False when nobody asks for the loss's derivative by this tensor.
  let needsGradient: Bool
  /// True when no value can be below zero, whatever the picture: it is a ReLU's result.
  var isNonNegative = false
  /// What the steps that read this tensor say about the loss's derivative by it: their sum is the gradient.
  var gradientTerms: [Value] = []

  init(_ descriptor: Descriptor, buffer: Buffer? = nil, byteOffset: Int = 0, needsGradient: Bool = true) throws {
    self.descriptor = descriptor
    self.byteOffset = byteOffset
    self.needsGradient = needsGradient
    self.buffer = buffer ?? Buffer(byteCount: descriptor.byteCount)
    var memory: dnnl_memory_t?
    let status = withUnsafePointer(to: descriptor.raw) {
      dnnl_memory_create(&memory, $0, OneDNN.engine, nil)
    }
    try OneDNN.check(status, "a tensor of shape \(descriptor.shape)")
    guard let memory else { throw NeuralNetError.kernel(operation: "a tensor", status: "no handle") }
    self.memory = memory
    if self.buffer.pointer == nil {
      self.buffer.values.append(self)
    } else {
      try place()
    }
  }

  /// Tells the memory object where the buffer lies.
  func place() throws {
    guard let pointer = buffer.pointer else { return }
    try OneDNN.check(dnnl_memory_set_data_handle(memory, pointer + byteOffset), "a memory handle")
  }

  deinit { dnnl_memory_destroy(memory) }

  var shape: [Int] { descriptor.shape }

  /// Where the tensor lies; only once the network is compiled.
  var pointer: UnsafeMutableRawPointer {
    guard let pointer = buffer.pointer else { preconditionFailure("A tensor has memory once its network is compiled") }
    return pointer + byteOffset
  }

  /// The tensor's memory as 32-bit floats, in the kernel's layout; only once the network is compiled.
  var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: pointer.assumingMemoryBound(to: Float.self), count: descriptor.byteCount / MemoryLayout<Float>.stride)
  }
}
