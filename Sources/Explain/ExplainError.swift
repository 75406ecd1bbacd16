public import Foundation

/// What can go wrong while explaining.
public enum ExplainError: Error, Equatable {
  /// No method has this name.
  case unknownMethod(String, known: [String])
  /// The network has no layer of this path, or one without maps.
  case unknownLayer(String, known: [String])
  /// The layer has no channel of this number.
  case unknownChannel(Int, layer: String, count: Int)
  /// The model knows no class of this name.
  case unknownClass(String, known: [String])
  /// The network has no layer with maps at all.
  case noMaps
  /// A file cannot be written.
  case file(String, reason: String)
  /// A linear system has no single solution.
  case singular(String)
}

extension ExplainError: LocalizedError, CustomStringConvertible {
  /// The error as a sentence for a person.
  public var description: String {
    switch self {
    case .unknownMethod(let name, let known):
      "no explainer is called \(name); there are \(known.joined(separator: ", "))"
    case .unknownLayer(let name, let known):
      "the network has no layer \(name) with maps; there are \(known.joined(separator: ", "))"
    case .unknownChannel(let channel, let layer, let count):
      "layer \(layer) has no channel \(channel): its channels are 0 to \(count - 1)"
    case .unknownClass(let name, let known):
      "the model knows no class \(name); there are \(known.joined(separator: ", "))"
    case .noMaps: "the network has no layer with maps of more than one pixel"
    case .file(let path, let reason): "\(path): \(reason)"
    case .singular(let what): "\(what) has no single solution"
    }
  }

  /// The same sentence, where Foundation asks for it.
  public var errorDescription: String? { description }
}
