public import Foundation

/// What can go wrong between a network and its kernels or its stored weights.
public enum NeuralNetError: Error, Equatable {
  /// A oneDNN call returned an error.
  case kernel(operation: String, status: String)
  /// A stored tensor has another shape than the network's.
  case shapeMismatch(name: String, found: [Int], expected: [Int])
  /// The network has tensors that the stored weights lack.
  case missingTensors([String])
  /// The stored weights have tensors that the network lacks.
  case unexpectedTensors([String])
  /// No architecture has this name.
  case unknownArchitecture(String, known: [String])
  /// No optimizer, schedule or loss has this name.
  case unknownName(String, kind: String, known: [String])
  /// The network has no layer of this path.
  case unknownLayer(String, known: [String])
  /// The architecture cannot take pictures this small.
  case inputTooSmall(architecture: String, size: Int, minimum: Int)
}

extension NeuralNetError: LocalizedError, CustomStringConvertible {
  /// The error as a sentence for a person.
  public var description: String {
    switch self {
    case .kernel(let operation, let status):
      "oneDNN could not make \(operation): \(status)"
    case .shapeMismatch(let name, let found, let expected):
      "tensor \(name) has shape \(found), the network expects \(expected)"
    case .missingTensors(let names):
      "the stored weights lack \(names.count) tensors of the network: \(names.joined(separator: ", "))"
    case .unexpectedTensors(let names):
      "the network has no place for \(names.count) stored tensors: \(names.joined(separator: ", "))"
    case .unknownArchitecture(let name, let known):
      "no model is called \(name); there are \(known.joined(separator: ", "))"
    case .unknownName(let name, let kind, let known):
      "no \(kind) is called \(name); there are \(known.joined(separator: ", "))"
    case .unknownLayer(let name, let known):
      "the network has no layer \(name); there are \(known.joined(separator: ", "))"
    case .inputTooSmall(let architecture, let size, let minimum):
      "\(architecture) needs pictures of at least \(minimum) pixels, these have \(size)"
    }
  }

  /// The same sentence, where Foundation asks for it.
  public var errorDescription: String? { description }
}
