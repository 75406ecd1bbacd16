#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The memory of a compiled network: one buffer of parameters, one of gradients, one of states, one arena.
final class NetworkMemory {
  let parameterValues: UnsafeMutableBufferPointer<Float>
  let parameterGradients: UnsafeMutableBufferPointer<Float>
  let arenaByteCount: Int
  private(set) var byteCount = 0
  private var allocations: [UnsafeMutableRawBufferPointer] = []

  init(steps: [Step], parameters: [Parameter], states: [Parameter], persistent: [Buffer]) throws {
    var allocations: [UnsafeMutableRawBufferPointer] = []
    var total = 0
    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
      let pages = zeroedPages(max(byteCount, 128))
      allocations.append(pages)
      total += byteCount
      guard let pointer = pages.baseAddress else { preconditionFailure("Pages have an address") }
      return pointer
    }
    func layOut(_ parameters: [Parameter]) -> Int {
      var offset = 0
      for parameter in parameters {
        parameter.offset = offset
        offset += MemoryPlan.aligned(parameter.value.descriptor.byteCount) / MemoryLayout<Float>.stride
      }
      return offset
    }

    let count = layOut(parameters)
    let trains = parameters.contains { $0.gradient != nil }
    let values = allocate(count * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    let gradientCount = trains ? count : 0
    let gradients = allocate(gradientCount * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    parameterValues = UnsafeMutableBufferPointer(start: values, count: count)
    parameterGradients = UnsafeMutableBufferPointer(start: gradients, count: gradientCount)
    for parameter in parameters {
      try parameter.value.buffer.place(at: UnsafeMutableRawPointer(values + parameter.offset))
      try parameter.gradient?.buffer.place(at: UnsafeMutableRawPointer(gradients + parameter.offset))
    }
    let stateValues = allocate(layOut(states) * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    for state in states { try state.value.buffer.place(at: UnsafeMutableRawPointer(stateValues + state.offset)) }
    var kept = allocate(persistent.reduce(0) { $0 + MemoryPlan.aligned($1.byteCount) })
    for buffer in persistent {
      try buffer.place(at: kept)
      kept += MemoryPlan.aligned(buffer.byteCount)
    }

    var buffers: [Buffer] = []
    for (index, step) in steps.enumerated() {
      for value in step.reads + step.writes where value.buffer.pointer == nil {
        if value.buffer.lastStep < 0 { buffers.append(value.buffer) }
        value.buffer.touch(step: index)
      }
    }
    let plan = MemoryPlan(buffers.map { ($0.byteCount, $0.firstStep, $0.lastStep) })
    let arena = allocate(plan.byteCount)
    for (buffer, offset) in zip(buffers, plan.offsets) { try buffer.place(at: arena + offset) }
    arenaByteCount = plan.byteCount
    self.allocations = allocations
    byteCount = total
  }

  deinit { for pages in allocations { munmap(pages.baseAddress, pages.count) } }
}

/// Memory of zeros, whole pages of it.
///
/// The system makes a page when it is first written: whole weights and activations need not be written twice.
private func zeroedPages(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
  let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
  guard let address, address != MAP_FAILED else { preconditionFailure("There is no memory for \(byteCount) bytes") }
  return UnsafeMutableRawBufferPointer(start: address, count: byteCount)
}
