public import NeuralNet

/// Weights of another training, made to fit a network that starts from them.
///
/// PyTorch's models come in, saved as safetensors in torchvision's names (timm has the same ones for ResNets). What does not
/// fit is replaced or drawn anew, and every such tensor is named in `remarks`.
public struct PretrainedWeights: Sendable, Equatable {
  /// The tensors that the network takes, in its shapes.
  public private(set) var tensors: [NamedTensor] = []
  /// A sentence for each tensor that was changed, left out, or not found.
  public private(set) var remarks: [String] = []

  /// Fits tensors to a network.
  ///
  /// - The first convolution's weights for colour are summed for a gray network, whose one channel is what all three would
  ///   be; for a colour network gray ones are divided by three.
  /// - A classifier for other classes is left out.
  /// - Parameters:
  ///   - stored: what a file holds; `module.` before names, as `DataParallel` writes, is dropped.
  ///   - parameters: the network's tensors, the first of four axes being the first convolution's weights.
  /// - Throws: `TrainingError.foreignWeights` when not even half of the network's values are found: another architecture.
  public init(_ stored: [NamedTensor], for parameters: [Parameter]) throws {
    let given = Dictionary(stored.map { (Self.plainName($0.name), $0) }, uniquingKeysWith: { $1 })
    let first = parameters.first { $0.canonicalShape.count == 4 }?.name
    var found = 0
    for parameter in parameters {
      guard let tensor = given[parameter.name] else {
        remarks.append("\(parameter.name) is not in the file and starts by chance")
        continue
      }
      let wanted = parameter.canonicalShape
      if tensor.values.count == parameter.count, tensor.shape.filter({ $0 > 1 }) == wanted.filter({ $0 > 1 }) {
        tensors.append(NamedTensor(name: parameter.name, shape: wanted, values: tensor.values))
      } else if parameter.name == first, let fitted = Self.channels(of: tensor, fittedTo: wanted) {
        tensors.append(NamedTensor(name: parameter.name, shape: wanted, values: fitted))
        remarks.append(
          "\(parameter.name) has \(tensor.shape[1]) input channels, the network \(wanted[1]): "
            + (wanted[1] == 1 ? "summed" : "divided among them"))
      } else {
        remarks.append("\(parameter.name) has shape \(tensor.shape), the network \(wanted): it starts by chance")
        continue
      }
      found += parameter.count
    }
    let names = Set(parameters.map(\.name))
    for name in given.keys.sorted() where !names.contains(name) {
      remarks.append("\(name) has no place in the network")
    }
    let total = parameters.reduce(0) { $0 + $1.count }
    guard 2 * found >= total else { throw TrainingError.foreignWeights(found: found, of: total) }
  }

  private static func plainName(_ name: String) -> String {
    name.hasPrefix("module.") ? String(name.dropFirst("module.".count)) : name
  }

  /// [K, 3, k, k] as [K, 1, k, k] or the reverse; nil when anything but the input channels differs.
  private static func channels(of tensor: NamedTensor, fittedTo wanted: [Int]) -> [Float]? {
    let shape = tensor.shape
    guard shape.count == 4, shape[0] == wanted[0], shape[2...] == wanted[2...] else { return nil }
    let area = shape[2] * shape[3]
    switch (shape[1], wanted[1]) {
    case (3, 1):
      return (0..<shape[0] * area).map { index in
        let (filter, place) = (index / area, index % area)
        return (0..<3).reduce(0) { $0 + tensor.values[(filter * 3 + $1) * area + place] }
      }
    case (1, 3):
      return (0..<shape[0]).flatMap { filter -> [Float] in
        let own = tensor.values[(filter * area)..<((filter + 1) * area)].map { $0 / 3 }
        return own + own + own
      }
    default: return nil
    }
  }
}
