internal import COneDNN

/// Turns layers into the steps of a compiled network.
///
/// A layer's `build` adds its forward steps at once and leaves behind how its backward steps are added; when all layers
/// are built, these run in reverse order. A tensor read by several steps gets one gradient term from each, and their
/// sum is formed where it is needed. Layouts are chosen by the kernels and carried from step to step; a reorder
/// appears only where two kernels disagree.
final class GraphBuilder {
  /// How batch norm and dropout behave.
  let mode: Mode
  /// What the backward pass is asked for.
  let gradients: Gradients
  /// `float32`, `bfloat16` or `int8`, never `auto`.
  let precision: Precision
  /// When the factors of 8-bit integers are taken.
  let calibration = Calibration()
  /// The paths of the layers whose outputs are copied to where the caller can read them.
  let exposed: Set<String>

  private(set) var parameters: [Parameter] = []
  private(set) var states: [Parameter] = []
  private(set) var prepareSteps: [Step] = []
  private(set) var forwardSteps: [Step] = []
  private(set) var backwardSteps: [Step] = []
  private(set) var dropouts: [DropoutState] = []
  /// Multiplications of convolutions and linear layers in one forward pass of the batch.
  var multiplyAdds = 0
  /// The named layers in the order in which they end.
  private(set) var layers: [(name: String, shape: [Int])] = []
  /// What was exposed.
  private(set) var exposures: [String: Exposure] = [:]
  private var phase = Phase.forward
  private var backwardBuilders: [(output: Value, build: (Value) throws -> Void)] = []

  private enum Phase { case forward, backward }

  init(mode: Mode, gradients: Gradients, precision: Precision, exposed: Set<String> = []) {
    self.mode = mode
    self.gradients = gradients
    self.precision = precision.resolved
    self.exposed = exposed
  }

  /// The number format of activations in memory: bfloat16 only where the processor has kernels for it.
  var activationType: dnnl_data_type_t {
    switch precision {
    case .bfloat16: Processor.hasBFloat16Kernels ? dnnl_bf16 : dnnl_f32
    case .int8: Processor.hasFastBFloat16 ? dnnl_bf16 : dnnl_f32
    case .float32, .auto: dnnl_f32
    }
  }

  /// True when 32-bit kernels stand in for bfloat16 ones: their results are rounded.
  var roundsToBFloat16: Bool { precision == .bfloat16 && !Processor.hasBFloat16Kernels }

  /// True when a backward pass will follow the forward pass.
  var hasBackward: Bool { !gradients.isEmpty }

  /// oneDNN's propagation kind of the forward pass.
  var forwardKind: dnnl_prop_kind_t { hasBackward ? dnnl_forward_training : dnnl_forward_inference }

  // MARK: Tensors

  /// Declares a trainable tensor.
  ///
  /// `layout` is the one its gradient comes in, so that an optimizer step needs no reorder.
  func parameter(_ name: String, _ layout: Descriptor, canonicalShape: [Int], initial: Initializer) throws -> Parameter
  {
    let parameter = try Parameter(
      name: name, canonicalShape: canonicalShape, layout: layout, initial: initial,
      hasGradient: gradients.contains(.parameters))
    parameters.append(parameter)
    return parameter
  }

  /// Declares a tensor that is kept with the weights but not trained, such as a running mean.
  func state(_ name: String, count: Int, initial: Initializer) throws -> Parameter {
    let state = try Parameter(
      name: name, canonicalShape: [count], layout: Descriptor([count]), initial: initial, hasGradient: false)
    states.append(state)
    return state
  }

  /// A parameter as a kernel wants it: itself, or a copy in another layout or format that is renewed after each update.
  func weights(_ parameter: Parameter, as wanted: Descriptor) throws -> Value {
    try weights(parameter.value, as: wanted, name: parameter.name)
  }

  /// What a step of preparation computed from parameters, as a kernel wants it.
  func weights(_ value: Value, as wanted: Descriptor, name: String) throws -> Value {
    if wanted == value.descriptor, !roundsToBFloat16, value.buffer !== leftoverBuffer { return value }
    let copy = try persistent(wanted)
    let primitive = try reorderPrimitive(from: value, to: copy)
    prepare("\(name) for its kernel") { try primitive.run() }
    if roundsToBFloat16 { prepare("round \(name)") { roundToBFloat16(copy.floats) } }
    return copy
  }

  /// Adds a step that runs before the next forward pass whenever the parameters have changed.
  func prepare(_ name: String, run: @escaping () throws -> Void) {
    prepareSteps.append(Step(name: name, reads: [], writes: [], run: run))
  }

  /// The tensor in another layout or format; itself when it already is in it.
  func reordered(_ value: Value, to wanted: Descriptor) throws -> Value {
    if wanted == value.descriptor { return value }
    let copy = try Value(wanted, needsGradient: value.needsGradient)
    copy.isNonNegative = value.isNonNegative
    let primitive = try reorderPrimitive(from: value, to: copy)
    add("reorder", reads: [value], writes: [copy]) { try primitive.run() }
    if phase == .forward {
      onBackward(of: copy) { [unowned self] gradient in
        if value.needsGradient { addGradient(gradient, to: value) }
      }
    }
    return copy
  }

  /// Notes that a named layer ended with this output, and exposes it if asked for; the last of several of one name counts.
  func finishLayer(_ path: String, _ output: Value) throws {
    layers.removeAll { $0.name == path }
    layers.append((path, output.shape))
    if exposed.contains(path) { exposures[path] = try expose(output, as: "layer \(path)", readsGradient: true) }
  }

  /// Memory that lives as long as the network, outside the arena.
  func persistentBuffer(_ byteCount: Int) -> Buffer {
    let buffer = Buffer(byteCount: byteCount)
    persistentBuffers.append(buffer)
    return buffer
  }
  private(set) var persistentBuffers: [Buffer] = []

  /// A tensor for what one step of preparation leaves to the next; all of them lie in the same place, so that a step may only
  /// read the last one while it writes another if it does so value by value.
  func leftover(_ descriptor: Descriptor) throws -> Value {
    let buffer = leftoverBuffer ?? persistentBuffer(descriptor.byteCount)
    buffer.byteCount = max(buffer.byteCount, descriptor.byteCount)
    leftoverBuffer = buffer
    return try Value(descriptor, buffer: buffer, needsGradient: false)
  }
  private var leftoverBuffer: Buffer?

  /// A tensor that lives as long as the network.
  func persistent(_ descriptor: Descriptor) throws -> Value {
    try Value(descriptor, buffer: persistentBuffer(descriptor.byteCount), needsGradient: false)
  }

  // MARK: Steps

  /// Adds a kernel step.
  func add(
    _ descriptor: PrimitiveDescriptor, _ arguments: [(Int32, Value)], reads: [Value], writes: [Value],
    rounding rounded: [Value] = []
  ) throws {
    let primitive = try Primitive(descriptor, arguments)
    add("\(descriptor.name) (\(descriptor.implementation))", reads: reads, writes: writes) { try primitive.run() }
    if roundsToBFloat16 {
      for value in rounded {
        add("round to bfloat16", reads: [value], writes: [value]) { roundToBFloat16(value.floats) }
      }
    }
  }

  /// Adds a step of our own.
  func add(_ name: String, reads: [Value], writes: [Value], run: @escaping () throws -> Void) {
    let step = Step(name: name, reads: reads, writes: writes, run: run)
    switch phase {
    case .forward: forwardSteps.append(step)
    case .backward: backwardSteps.append(step)
    }
  }

  /// Registers how the backward steps of a layer are added, given the gradient of its output.
  func onBackward(of output: Value, _ build: @escaping (_ gradient: Value) throws -> Void) {
    guard hasBackward else { return }
    backwardBuilders.append((output, build))
  }

  /// Notes that the loss depends on `value` through a step whose backward pass gave `term`.
  func addGradient(_ term: Value, to value: Value) { value.gradientTerms.append(term) }

  /// Registers a dropout layer's counter, so that a run can be resumed.
  func register(_ dropout: DropoutState) { dropouts.append(dropout) }

  /// Adds the backward steps of all layers, last layer first.
  func buildBackward() throws {
    phase = .backward
    for (output, build) in backwardBuilders.reversed() {
      guard let gradient = try gradient(of: output) else { continue }
      try build(gradient)
    }
    backwardBuilders = []
  }

  /// The sum of the gradient terms of a tensor; nil when no step that leads to the loss reads it.
  func gradient(of value: Value) throws -> Value? {
    guard var sum = value.gradientTerms.first else { return nil }
    for term in value.gradientTerms.dropFirst() { sum = try self.sum(sum, term) }
    value.gradientTerms = [sum]
    return sum
  }

  private func sum(_ a: Value, _ b: Value) throws -> Value {
    let sum = try Value(a.descriptor)
    var handle: dnnl_primitive_desc_t?
    let sources = [a.descriptor.raw, b.descriptor.raw]
    let status = withUnsafePointer(to: sum.descriptor.raw) {
      dnnl_sum_primitive_desc_create(&handle, $0, 2, [1, 1], sources, nil, OneDNN.engine)
    }
    try OneDNN.check(status, "a sum of gradients")
    guard let handle else { throw NeuralNetError.kernel(operation: "a sum", status: "no handle") }
    try add(
      PrimitiveDescriptor("sum of gradients", handle: handle),
      [(DNNL_ARG_MULTIPLE_SRC, a), (DNNL_ARG_MULTIPLE_SRC + 1, b), (DNNL_ARG_DST, sum)],
      reads: [a, b], writes: [sum], rounding: [sum])
    return sum
  }
}

/// A kernel that copies a tensor into another layout or number format.
///
/// - Parameter scale: the one number that all values are multiplied by, which may change from run to run.
func reorderPrimitive(from source: Value, to target: Value, scale: Value? = nil) throws -> Primitive {
  let attributes = try scale.map { _ in try PrimitiveAttributes.scaledWhenRun() }
  var handle: dnnl_primitive_desc_t?
  let status = withUnsafePointer(to: source.descriptor.raw) { source in
    withUnsafePointer(to: target.descriptor.raw) { target in
      dnnl_reorder_primitive_desc_create(&handle, source, OneDNN.engine, target, OneDNN.engine, attributes?.handle)
    }
  }
  try OneDNN.check(status, "a reorder of shape \(source.shape)")
  guard let handle else { throw NeuralNetError.kernel(operation: "a reorder", status: "no handle") }
  var arguments = [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)]
  if let scale { arguments.append((DNNL_ARG_ATTR_OUTPUT_SCALES, scale)) }
  return try Primitive(PrimitiveDescriptor("reorder", handle: handle), arguments)
}
