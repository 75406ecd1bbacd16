internal import COneDNN
internal import Randomness

/// A model compiled for one batch size, mode and precision: kernels made once, memory planned once.
///
/// A step is: write `input`, `forward()`, read `output(_:)`; for training also write `outputGradient(_:)`, `backward()`, and
/// let an optimizer change `parameterValues` by `parameterGradients`. A step allocates no tensors; oneDNN lists
/// its kernels' arguments and packs the operands of matrix multiplications by itself. Not safe to share between threads.
public final class Network {
  /// [N, C, H, W] of the input.
  public let inputShape: [Int]
  /// `float32`, `bfloat16` or `int8`.
  public let precision: Precision
  /// The trainable tensors, in the order of the layers.
  public let parameters: [Parameter]
  /// Running statistics and counters.
  public let states: [Parameter]
  /// The paths of the named layers and the shapes of their outputs, in the order in which they run.
  ///
  /// In a network that only predicts, convolutions are one kernel with their batch norm, under the batch norm's path.
  public let layers: [(name: String, shape: [Int])]
  /// Multiplications, each with an addition, that convolutions and linear layers do for one sample going forward.
  public let multiplyAddsPerSample: Int

  private let inputValue: Value
  private let inputGradientValue: Value?
  private let outputs: [String: Exposure]
  private let prepareSteps: [Step]
  private let forwardSteps: [Step]
  private let backwardSteps: [Step]
  private let dropouts: [DropoutState]
  private let persistentBuffers: [Buffer]
  private let memory: NetworkMemory
  private let calibration: Calibration
  private var weightsChanged = true

  /// Compiles a model.
  ///
  /// - Parameters:
  ///   - model: the layers, with named outputs.
  ///   - inputShape: [N, C, H, W].
  ///   - mode: how batch norm and dropout behave.
  ///   - gradients: what `backward()` computes; empty for a network that only predicts.
  ///   - precision: the number format of activations and weights.
  ///   - exposing: paths of layers, such as `layer4.1`, whose outputs are outputs of the network too, by that name. Batch
  ///     norm's output is that of the ReLU fused into it.
  ///   - seed: the first values of the parameters follow from it; nil leaves them zero, for weights that are loaded.
  /// - Throws: `NeuralNetError.kernel` when a kernel cannot be made for these shapes; `NeuralNetError.unknownLayer`.
  public init(
    _ model: some Model, inputShape: [Int], mode: Mode, gradients: Gradients = [], precision: Precision = .float32,
    exposing exposed: [String] = [], seed: UInt64?
  ) throws {
    precondition(inputShape.count == 4, "A network's input is [N, C, H, W]")
    precondition(
      precision != .int8 || mode == .inference && gradients.isEmpty, "8-bit networks have no derivatives")
    let builder = GraphBuilder(mode: mode, gradients: gradients, precision: precision, exposed: Set(exposed))
    let input = try Value(
      Descriptor(inputShape), buffer: builder.persistentBuffer(Descriptor(inputShape).byteCount),
      needsGradient: gradients.contains(.input))
    let results = try model.build(TensorReference(value: input), into: GraphReference(builder: builder))
    if let unknown = exposed.first(where: { builder.exposures[$0] == nil }) {
      throw NeuralNetError.unknownLayer(unknown, known: builder.layers.map(\.name))
    }
    var outputs = builder.exposures
    for (name, tensor) in results { outputs[name] = try builder.expose(tensor.value, as: "output \(name)") }
    try builder.buildBackward()
    inputGradientValue = try gradients.contains(.input) ? Network.addInputGradient(of: input, to: builder) : nil

    self.inputShape = inputShape
    self.outputs = outputs
    self.precision = builder.precision
    inputValue = input
    parameters = builder.parameters
    states = builder.states
    layers = builder.layers
    multiplyAddsPerSample = builder.multiplyAdds / max(1, inputShape[0])
    prepareSteps = builder.prepareSteps
    forwardSteps = builder.forwardSteps
    backwardSteps = builder.backwardSteps
    dropouts = builder.dropouts
    calibration = builder.calibration
    persistentBuffers = builder.persistentBuffers
    memory = try NetworkMemory(
      steps: forwardSteps + backwardSteps, parameters: parameters, states: states, persistent: persistentBuffers)
    if let seed { try initialise(seed: seed) }
  }

  private static func addInputGradient(of input: Value, to builder: GraphBuilder) throws -> Value? {
    guard let gradient = try builder.gradient(of: input) else { return nil }
    let plain = Descriptor(input.shape)
    let result = try Value(plain, buffer: builder.persistentBuffer(plain.byteCount))
    let copy = try reorderPrimitive(from: gradient, to: result)
    builder.add("gradient of the input", reads: [gradient], writes: []) { try copy.run() }
    return result
  }

  // MARK: A step

  /// The batch, [N, C, H, W], row-major, to be written before `forward()`.
  public var input: UnsafeMutableBufferPointer<Float> { inputValue.floats }

  /// The loss's derivative by the input, after `backward()`; empty unless the network was compiled with `.input`.
  public var inputGradient: UnsafeMutableBufferPointer<Float> {
    inputGradientValue?.floats ?? UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// An output by name, row-major, after `forward()`.
  public func output(_ name: String) -> UnsafeMutableBufferPointer<Float> { named(name).value.floats }

  /// The sizes of an output.
  public func outputShape(_ name: String) -> [Int] { named(name).value.shape }

  /// The loss's derivative by an output, to be written before `backward()`; zero until then.
  ///
  /// For an exposed layer: what the loss depends on it beside what the layers behind it pass on.
  public func outputGradient(_ name: String) -> UnsafeMutableBufferPointer<Float> {
    guard let seed = named(name).seed else { preconditionFailure("The network was compiled without gradients") }
    return seed.floats
  }

  /// The loss's derivative by the output of an exposed layer, after `backward()`.
  public func layerGradient(_ name: String) -> UnsafeMutableBufferPointer<Float> {
    guard let gradient = named(name).gradient else {
      preconditionFailure("\(name) was not exposed, or the network was compiled without gradients")
    }
    return gradient.floats
  }

  /// True when the network has an output of this name.
  public func hasOutput(_ name: String) -> Bool { outputs[name] != nil }

  private func named(_ name: String) -> Exposure {
    guard let output = outputs[name] else {
      preconditionFailure("The network has no output \(name), only \(outputs.keys.sorted())")
    }
    return output
  }

  /// Computes the outputs.
  ///
  /// `dropoutKey` decides which values dropout drops: give each training step its own.
  public func forward(dropoutKey: UInt64 = 0) throws {
    if weightsChanged {
      for step in prepareSteps { try step.run() }
      weightsChanged = false
      recalibrate()
    }
    for dropout in dropouts { dropout.key = dropoutKey }
    for step in forwardSteps { try step.run() }
    calibration.isTakingPlace = false
  }

  /// Has the next `forward()` take the ranges of 8-bit integers from its batch; after a change of weights it does so anyway.
  ///
  /// Of later batches, what lies outside the ranges is cut off. Networks of other precisions have none.
  public func recalibrate() { calibration.isTakingPlace = true }

  /// Computes the gradients from `outputGradient(_:)`; each parameter's is overwritten.
  public func backward() throws {
    for step in backwardSteps { try step.run() }
  }

  // MARK: Parameters

  /// All trainable values in one buffer, in the kernels' layouts; padding is zero and must stay zero.
  public var parameterValues: UnsafeMutableBufferPointer<Float> { memory.parameterValues }

  /// All gradients, at the same places as their values.
  public var parameterGradients: UnsafeMutableBufferPointer<Float> { memory.parameterGradients }

  /// Tells the network that `parameterValues` were changed from outside.
  public func parametersDidChange() { weightsChanged = true }

  /// Number of trainable values, without padding.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Bytes the network holds: weights, gradients, activations.
  public var byteCount: Int { memory.byteCount }

  /// Bytes of the arena that activations and their gradients share.
  public var arenaByteCount: Int { memory.arenaByteCount }

  /// Weights and running statistics in checkpoint order, row-major.
  public func exportTensors() throws -> [NamedTensor] {
    try (parameters + states).map { try NamedTensor(name: $0.name, shape: $0.canonicalShape, values: read($0)) }
  }

  /// The gradient of a parameter, row-major.
  public func exportGradient(of parameter: Parameter) throws -> NamedTensor {
    guard let gradient = parameter.gradient else {
      preconditionFailure("The network was compiled without parameter gradients")
    }
    return try NamedTensor(
      name: parameter.name, shape: parameter.canonicalShape,
      values: copyOut(gradient, canonicalShape: parameter.canonicalShape))
  }

  /// Loads weights and running statistics by name.
  ///
  /// - Throws: `NeuralNetError` when a tensor is missing, has another shape or has no place, unless `allowingMismatch`.
  /// - Returns: the names that were not loaded, for callers that allow it.
  @discardableResult
  public func importTensors(_ tensors: [NamedTensor], allowingMismatch: Bool = false) throws -> [String] {
    let given = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let own = parameters + states
    let unexpected = tensors.map(\.name).filter { name in !own.contains { $0.name == name } }
    let missing = own.map(\.name).filter { given[$0] == nil }
    if !allowingMismatch {
      guard missing.isEmpty else { throw NeuralNetError.missingTensors(missing) }
      guard unexpected.isEmpty else { throw NeuralNetError.unexpectedTensors(unexpected) }
    }
    var skipped = missing + unexpected
    for parameter in own {
      guard let tensor = given[parameter.name] else { continue }
      guard tensor.shape == parameter.canonicalShape else {
        guard allowingMismatch else {
          throw NeuralNetError.shapeMismatch(
            name: tensor.name, found: tensor.shape, expected: parameter.canonicalShape)
        }
        skipped.append(tensor.name)
        continue
      }
      try write(tensor.values, to: parameter)
    }
    return skipped
  }

  /// Copies one flat buffer laid out like `parameterValues` (an optimizer's state) into checkpoint order.
  public func exportLike(parameters buffer: UnsafeMutableBufferPointer<Float>) throws -> [NamedTensor] {
    try parameters.map { parameter in
      let view = try view(of: buffer, for: parameter)
      return try NamedTensor(
        name: parameter.name, shape: parameter.canonicalShape,
        values: copyOut(view, canonicalShape: parameter.canonicalShape))
    }
  }

  /// The reverse of `exportLike(parameters:)`.
  public func importLike(parameters buffer: UnsafeMutableBufferPointer<Float>, from tensors: [NamedTensor]) throws {
    let given = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    for parameter in parameters {
      guard let tensor = given[parameter.name] else { throw NeuralNetError.missingTensors([parameter.name]) }
      try copyIn(tensor.values, to: view(of: buffer, for: parameter))
    }
  }

  /// The steps of preparing the weights, of a forward and of a backward pass with the seconds each took, for finding
  /// where time goes.
  public func profile(repetitions: Int) throws -> [(step: String, seconds: Double)] {
    let steps = prepareSteps + forwardSteps + backwardSteps
    var seconds = [Double](repeating: .infinity, count: steps.count)
    for _ in 0..<repetitions {
      for (index, step) in steps.enumerated() {
        let clock = ContinuousClock()
        let time = try clock.measure { try step.run() }
        seconds[index] = min(seconds[index], time / .seconds(1))
      }
    }
    return zip(steps, seconds).map { ($0.name, $1) }
  }

  /// How many steps of a forward and backward pass only bring a tensor into another layout.
  var reorderCount: Int { (forwardSteps + backwardSteps).count { $0.name == "reorder" } }

  private func view(of buffer: UnsafeMutableBufferPointer<Float>, for parameter: Parameter) throws -> Value {
    let view = try Value(parameter.value.descriptor)
    try view.buffer.place(at: UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped + parameter.offset))
    return view
  }

  private func initialise(seed: UInt64) throws {
    for parameter in parameters + states {
      var generator = SeededGenerator(seed: seed, "parameter", parameter.name)
      try write(parameter.initial.values(count: parameter.count, using: &generator), to: parameter)
    }
  }

  private func read(_ parameter: Parameter) throws -> [Float] {
    try copyOut(parameter.value, canonicalShape: parameter.canonicalShape)
  }

  private func write(_ values: [Float], to parameter: Parameter) throws {
    try copyIn(values, to: parameter.value)
    weightsChanged = true
  }

  private func copyOut(_ value: Value, canonicalShape: [Int]) throws -> [Float] {
    var result = [Float](repeating: 0, count: canonicalShape.reduce(1, *))
    try result.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let plain = try Value(Descriptor(value.shape))
      try plain.buffer.place(at: base)
      try reorderPrimitive(from: value, to: plain).run()
    }
    return result
  }

  private func copyIn(_ values: [Float], to value: Value) throws {
    try values.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let plain = try Value(Descriptor(value.shape))
      // oneDNN asks for mutable memory of what it only reads, too.
      try plain.buffer.place(at: UnsafeMutableRawPointer(mutating: base))
      try reorderPrimitive(from: plain, to: value).run()
    }
  }
}

/// What a network computes: its layers, with named outputs.
public protocol Model: Sendable {
  /// Adds the layers to a graph and returns the outputs.
  func build(_ input: TensorReference, into graph: GraphReference) throws -> [(name: String, tensor: TensorReference)]
}
