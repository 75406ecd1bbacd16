public import NeuralNet
public import Training

/// A network under explanation: scores, derivatives and inner maps of any number of pictures, computed in batches.
///
/// Networks are compiled as they are needed and kept. Not safe to share between threads.
public final class Probe {
  /// How a network is compiled for a batch.
  public typealias Compiler = (_ batch: Int, _ precision: Precision, _ gradients: Gradients, _ layers: [String]) throws
    ->
    Network

  /// A layer that has maps.
  public struct Layer: Sendable, Equatable {
    /// Its path, such as `layer4.1`.
    public var name: String
    /// Channels of its output.
    public var channels: Int
    /// Rows of a map.
    public var height: Int
    /// Columns of a map.
    public var width: Int
  }

  /// [C, H, W] of a picture.
  public let inputShape: [Int]
  /// Number of classes.
  public let classes: Int
  /// The layers with maps, in the order in which they run.
  public let layers: [Layer]

  /// The number format of passes without derivatives.
  public let precision: Precision
  /// The number format of passes over hundreds of variants of a picture, whose answers are pooled.
  public let variantPrecision: Precision

  private let compile: Compiler
  private let batch: Int
  private var networks: [Key: Network] = [:]
  private var tensors: [NamedTensor]?

  private struct Key: Hashable {
    var batch: Int
    var precision: Precision
    var hasGradients: Bool
    var layers: [String]
  }

  /// Prepares a trained model.
  ///
  /// - Parameter precision: of passes without derivatives; derivatives are always computed in 32 bits. `int8` is for variants
  ///   of a picture alone, and what `auto` takes for these.
  public convenience init(_ model: TrainedModel, precision: Precision = .float32, batch: Int = 64) throws {
    try self.init(precision: precision, batch: batch) {
      try model.network(batch: $0, precision: $1, gradients: $2, exposing: $3)
    }
  }

  /// Prepares any network with the output `logits`, compiled in inference mode.
  public init(precision: Precision = .float32, batch: Int = 64, compile: @escaping Compiler) throws {
    self.compile = compile
    self.batch = batch
    let isGiven = precision == .float32 || precision == .bfloat16
    self.precision = isGiven ? precision : Precision.auto.resolved
    variantPrecision = isGiven ? precision : Precision.int8.resolved
    // With derivatives, because a network that only predicts does not name the layers that share a kernel.
    let network = try compile(1, .float32, .input, [])
    inputShape = Array(network.inputShape.dropFirst())
    classes = network.outputShape("logits")[1]
    layers = network.layers.compactMap { layer in
      guard layer.shape.count == 4, layer.shape[2] * layer.shape[3] > 1 else { return nil }
      return Layer(name: layer.name, channels: layer.shape[1], height: layer.shape[2], width: layer.shape[3])
    }
    networks[Key(batch: 1, precision: .float32, hasGradients: true, layers: [])] = network
  }

  /// Rows of a picture.
  public var height: Int { inputShape[1] }
  /// Columns of a picture.
  public var width: Int { inputShape[2] }
  /// Values of a picture.
  public var inputCount: Int { inputShape.reduce(1, *) }

  /// A layer by its path.
  ///
  /// - Throws: `ExplainError.unknownLayer`, which lists the layers.
  public func layer(_ name: String) throws -> Layer {
    guard let layer = layers.first(where: { $0.name == name }) else {
      throw ExplainError.unknownLayer(name, known: layers.map(\.name))
    }
    return layer
  }

  /// The layer that class activation methods take unless told: the last whose maps still say where something is, with at
  /// least `minimumSide` rows; of a network whose maps are all smaller the last with more than one pixel.
  public func defaultLayer(minimumSide: Int = 5) throws -> Layer {
    guard let last = layers.last(where: { min($0.height, $0.width) >= minimumSide }) ?? layers.last else {
      throw ExplainError.noMaps
    }
    return last
  }

  /// Takes other weights of the same network.
  public func update(_ tensors: [NamedTensor]) throws {
    self.tensors = tensors
    for network in networks.values { try network.importTensors(tensors) }
  }

  /// The weights that the network has now.
  public func exportTensors() throws -> [NamedTensor] {
    try network(batch: 1, precision: .float32, hasGradients: true, layers: []).exportTensors()
  }

  // MARK: Passes

  /// What one picture's pass left in the network; valid until the next pass.
  public struct Pass {
    /// The picture's logits.
    public let logits: Slice<UnsafeMutableBufferPointer<Float>>
    /// The score's derivative by the picture; empty without derivatives.
    public let inputGradient: Slice<UnsafeMutableBufferPointer<Float>>
    private let row: Int
    private let network: Network

    fileprivate init(row: Int, network: Network) {
      self.row = row
      self.network = network
      logits = network.output("logits").part(row, of: network.inputShape[0])
      inputGradient = network.inputGradient.part(row, of: network.inputShape[0])
    }

    /// The output of an exposed layer, [C, H, W].
    public func maps(_ layer: String) -> Slice<UnsafeMutableBufferPointer<Float>> {
      network.output(layer).part(row, of: network.inputShape[0])
    }

    /// The score's derivative by the output of an exposed layer, [C, H, W].
    public func mapGradient(_ layer: String) -> Slice<UnsafeMutableBufferPointer<Float>> {
      network.layerGradient(layer).part(row, of: network.inputShape[0])
    }
  }

  /// Runs `count` pictures forward.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - layers: the paths of the layers whose maps are wanted.
  ///   - write: writes a picture's input.
  ///   - body: takes what it wants of a picture's pass.
  public func forward(
    _ count: Int, exposing layers: [String] = [],
    writing write: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    reading body: (Int, Pass) throws -> Void
  ) throws {
    try run(count, layers, precision: precision, hasGradients: false, write, prepare: { _, _, _ in }, body)
  }

  /// Runs `count` variants of one picture forward, in `variantPrecision`: for methods that pool the answers to all of them.
  ///
  /// The first of them decide what 8-bit integers stand for, so that the answers depend on no other picture.
  public func forwardVariants(
    _ count: Int, writing write: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    reading body: (Int, Pass) throws -> Void
  ) throws {
    try run(
      count, [], precision: variantPrecision, hasGradients: false, recalibrates: true, write,
      prepare: { _, _, _ in }, body)
  }

  /// Runs `count` pictures forward, and the derivative of each one's score back.
  public func backward(
    _ count: Int, exposing layers: [String] = [], target: (Int) -> Target,
    writing write: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    reading body: (Int, Pass) throws -> Void
  ) throws {
    try backward(
      count, exposing: layers, seeding: { target($0).writeDerivative(to: $1.logits) }, writing: write,
      reading: body)
  }

  /// Where it is written what a picture's derivatives are taken of, by its derivative by the logits and by the maps of
  /// exposed layers; zero until then.
  public struct Seeds {
    /// By the logits.
    public let logits: UnsafeMutableBufferPointer<Float>
    private let row: Int
    private let network: Network

    fileprivate init(row: Int, network: Network, layers: [String]) {
      self.row = row
      self.network = network
      logits = UnsafeMutableBufferPointer(
        rebasing: network.outputGradient("logits").part(row, of: network.inputShape[0]))
      logits.update(repeating: 0)
      for layer in layers { maps(layer).update(repeating: 0) }
    }

    /// Pixels of one of an exposed layer's maps.
    func plane(_ layer: String) -> Int { network.outputShape(layer)[2...].reduce(1, *) }

    /// By the maps of an exposed layer, [C, H, W].
    public func maps(_ layer: String) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(rebasing: network.outputGradient(layer).part(row, of: network.inputShape[0]))
    }
  }

  /// Runs `count` pictures forward, and the derivatives of anything that depends linearly on logits and maps back.
  public func backward(
    _ count: Int, exposing layers: [String] = [], seeding seed: (Int, Seeds) -> Void,
    writing write: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    reading body: (Int, Pass) throws -> Void
  ) throws {
    try run(
      count, layers, precision: .float32, hasGradients: true, write,
      prepare: { seed($0, Seeds(row: $1, network: $2, layers: layers)) }, body)
  }

  /// The logits of some pictures, a row each.
  ///
  /// - Parameter layers: layers whose maps will be asked for next, so that one network serves both.
  public func logits(of inputs: [[Float]], exposing layers: [String] = []) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: inputs.count)
    try forward(
      inputs.count, exposing: layers, writing: { _ = $1.update(fromContentsOf: inputs[$0]) },
      reading: { result[$0] = Array($1.logits) })
    return result
  }

  private func run(
    _ count: Int, _ layers: [String], precision: Precision, hasGradients: Bool, recalibrates: Bool = false,
    _ write: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    prepare: (_ index: Int, _ row: Int, Network) -> Void, _ body: (Int, Pass) throws -> Void
  ) throws {
    guard count > 0 else { return }
    // Integers are quicker in larger batches, and of the variants that they are for there are hundreds.
    let network = try network(
      batch: size(for: count, most: precision == .int8 ? 2 * batch : batch), precision: precision,
      hasGradients: hasGradients,
      layers: layers)
    let size = network.inputShape[0]
    if recalibrates { network.recalibrate() }
    for start in stride(from: 0, to: count, by: size) {
      let rows = min(size, count - start)
      for row in 0..<rows {
        try write(start + row, UnsafeMutableBufferPointer(rebasing: network.input.part(row, of: size)))
        prepare(start + row, row, network)
      }
      // What an earlier picture left in the batch must not set the ranges.
      if recalibrates { network.input[(rows * inputCount)...].update(repeating: 0) }
      try network.forward()
      if hasGradients { try network.backward() }
      for row in 0..<rows { try body(start + row, Pass(row: row, network: network)) }
    }
  }

  /// Few pictures get a small network: the rows that a batch has too many are computed all the same.
  private func size(for count: Int, most: Int) -> Int {
    [1, 8, 16, 48, batch].first { count <= $0 && $0 < most } ?? most
  }

  /// The network for a batch, compiled when it is first asked for.
  func network(batch: Int, precision: Precision, hasGradients: Bool, layers names: [String]) throws -> Network {
    let key = Key(batch: batch, precision: precision, hasGradients: hasGradients, layers: names)
    if let network = networks[key] { return network }
    for name in names { _ = try layer(name) }
    let network = try compile(batch, precision, hasGradients ? .input : [], names)
    if let tensors { try network.importTensors(tensors) }
    networks[key] = network
    return network
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// The values of one of `count` equally long rows.
  func part(_ row: Int, of count: Int) -> Slice<UnsafeMutableBufferPointer<Float>> {
    let length = self.count / count
    return self[(row * length)..<((row + 1) * length)]
  }
}
