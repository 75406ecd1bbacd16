import AllocationCounter
import TestSupport
import Testing

@testable import NeuralNet

/// Memory is planned once: a step asks for none but what oneDNN does by itself, for lists of a kernel's arguments and to pack
/// the operands of matrix multiplications.
@Suite(.enabled("allocations can only be counted with glibc") { counts_allocations() })
struct AllocationTests {
  /// What a network of these tests would need for its smallest map.
  private static let smallest: UInt = 2048

  private func network(_ name: String, _ attention: Attention, _ precision: Precision, _ mode: Mode) throws -> Network {
    let model = try Architecture.named(name).model(size: 48, inputChannels: 1, classes: 7, attention: attention)
    return try Network(
      model, inputShape: [4, 1, 48, 48], mode: mode, gradients: mode == .training ? .parameters : [],
      precision: precision, seed: 5)
  }

  private func counted(_ body: () throws -> Void) rethrows -> UInt {
    start_counting_allocations(Self.smallest)
    defer { _ = stop_counting_allocations() }
    try body()
    return stop_counting_allocations()
  }

  @Test func `what is asked for is counted`() {
    let count = counted { _ = [Float](repeating: 1, count: 1000).map { $0 + 1 } }
    #expect(count >= 1)
    #expect(counted { _ = [Float](repeating: 1, count: 10) } == 0)
  }

  @Test(arguments: Architecture.all.map(\.name), [Precision.float32, .bfloat16])
  func `a step of training asks for no memory`(_ name: String, _ precision: Precision) throws {
    let network = try network(name, .eca, precision, .training)
    let optimizer = SGD(
      parameterCount: network.parameterValues.count, learningRate: 0.01, momentum: 0.9, isNesterov: true,
      weightDecay: 5e-4)
    network.input.fill(with: Golden.fill("x", count: 4 * 48 * 48, low: -1, high: 1))
    func step() throws {
      try network.forward(dropoutKey: 1)
      network.outputGradient("logits").update(repeating: 0.1)
      try network.backward()
      optimizer.step(values: network.parameterValues, gradients: network.parameterGradients)
    }
    try step()
    #expect(try counted(step) == 0)
  }

  @Test(arguments: ["resnet18-half", "mobilenet-v2"], [Precision.float32, .bfloat16, .int8])
  func `predicting asks for no memory`(_ name: String, _ precision: Precision) throws {
    let network = try network(name, .se, precision, .inference)
    network.input.fill(with: Golden.fill("x", count: 4 * 48 * 48, low: -1, high: 1))
    try network.forward()
    #expect(try counted { try network.forward() } == 0)
  }
}
