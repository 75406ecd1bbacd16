#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Operation: Codable {
  /// Reads an object such as `{"op":"rotate","degrees":-7.25,"border":"reflect","filter":"bilinear"}`.
  ///
  /// Every parameter must be there, and nothing else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    func value<Value: Decodable>(_ name: String) throws -> Value {
      try container.decode(Value.self, forKey: NameKey(name))
    }
    let name: String = try value("op")
    switch name {
    case "flip":
      self = .flip
    case "rotate":
      self = .rotate(degrees: try value("degrees"), border: try value("border"), filter: try container.choice("filter"))
    case "translate":
      self = .translate(x: try value("x"), y: try value("y"), border: try value("border"))
    case "zoom":
      self = .zoom(factor: try value("factor"), border: try value("border"), filter: try container.choice("filter"))
    case "affine":
      self = .affine(
        degrees: try value("degrees"), factor: try value("factor"), x: try value("x"), y: try value("y"),
        border: try value("border"), filter: try container.choice("filter"))
    case "shear":
      self = .shear(
        x: try value("x"), y: try value("y"), border: try value("border"), filter: try container.choice("filter"))
    case "crop":
      self = .crop(
        top: try value("top"), left: try value("left"), height: try value("height"), width: try value("width"))
    case "resize":
      self = .resize(height: try value("height"), width: try value("width"), filter: try container.choice("filter"))
    case "erase":
      self = .erase(
        top: try value("top"), left: try value("left"), height: try value("height"), width: try value("width"),
        value: try value("value"))
    case "brightness":
      self = .brightness(delta: try value("delta"))
    case "contrast":
      self = .contrast(factor: try value("factor"))
    case "gamma":
      self = .gamma(exponent: try value("exponent"))
    case "gaussian-noise":
      self = .gaussianNoise(sigma: try value("sigma"), seed: try value("seed"))
    case "equalize":
      self = .equalize
    case "clahe":
      self = .clahe(clipLimit: try value("clipLimit"), tiles: try value("tiles"))
    case "blur":
      self = .blur(sigma: try value("sigma"))
    case "subtract-plane":
      self = .subtractPlane
    default:
      throw DecodingError.dataCorruptedError(
        forKey: NameKey("op"), in: container, debugDescription: "There is no operation '\(name)'")
    }
    try container.checkNames(["op"] + parameters.map(\.name))
  }

  /// Writes the operation as an object of its name and parameters.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NameKey.self)
    try container.encode(name, forKey: NameKey("op"))
    for (name, value) in parameters {
      switch value {
      case .integer(let number): try container.encode(number, forKey: NameKey(name))
      case .seed(let number): try container.encode(number, forKey: NameKey(name))
      case .number(let number): try container.encode(number, forKey: NameKey(name))
      case .name(let text): try container.encode(text, forKey: NameKey(name))
      case .border(let border): try container.encode(border, forKey: NameKey(name))
      }
    }
  }

  /// The operation as one line of JSON: the name first, then the parameters in their order, numbers in their shortest form.
  ///
  /// `JSONEncoder` keeps no order, or sorts by name; this text is made for people and for comparing.
  public var json: String {
    let members = [#""op":"\#(name)""#] + parameters.map { #""\#($0.name)":\#($0.value.json)"# }
    return "{" + members.joined(separator: ",") + "}"
  }
}

extension Sequence where Element == Operation {
  /// The operations as one line of JSON, an array.
  public var json: String { "[" + map(\.json).joined(separator: ",") + "]" }
}

extension Array where Element == Operation {
  /// Reads what `json` wrote.
  ///
  /// - Throws: `DecodingError`.
  public init(json: String) throws {
    self = try JSONDecoder().decode([Operation].self, from: Data(json.utf8))
  }
}

/// The value of a parameter.
private enum Parameter {
  case integer(Int)
  case seed(UInt64)
  case number(Double)
  case name(String)
  case border(BorderPolicy)

  var json: String {
    switch self {
    case .integer(let number): "\(number)"
    case .seed(let number): "\(number)"
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .name(let text): "\"\(text)\""
    case .border(.reflect): "\"reflect\""
    case .border(.edge): "\"edge\""
    case .border(.constant(let value)): "\(value)"
    }
  }
}

extension Operation {
  /// The parameters in the order in which they are written.
  private var parameters: [(name: String, value: Parameter)] {
    switch self {
    case .flip, .equalize, .subtractPlane:
      []
    case .shear(let x, let y, let border, let filter):
      [("x", .number(x)), ("y", .number(y)), ("border", .border(border)), ("filter", .name(filter.rawValue))]
    case .clahe(let clipLimit, let tiles):
      [("clipLimit", .number(clipLimit)), ("tiles", .integer(tiles))]
    case .blur(let sigma):
      [("sigma", .number(sigma))]
    case .rotate(let degrees, let border, let filter):
      [("degrees", .number(degrees)), ("border", .border(border)), ("filter", .name(filter.rawValue))]
    case .translate(let x, let y, let border):
      [("x", .integer(x)), ("y", .integer(y)), ("border", .border(border))]
    case .zoom(let factor, let border, let filter):
      [("factor", .number(factor)), ("border", .border(border)), ("filter", .name(filter.rawValue))]
    case .affine(let degrees, let factor, let x, let y, let border, let filter):
      [
        ("degrees", .number(degrees)), ("factor", .number(factor)), ("x", .integer(x)), ("y", .integer(y)),
        ("border", .border(border)), ("filter", .name(filter.rawValue)),
      ]
    case .crop(let top, let left, let height, let width):
      [
        ("top", .integer(top)), ("left", .integer(left)), ("height", .integer(height)), ("width", .integer(width)),
      ]
    case .resize(let height, let width, let filter):
      [("height", .integer(height)), ("width", .integer(width)), ("filter", .name(filter.rawValue))]
    case .erase(let top, let left, let height, let width, let value):
      [
        ("top", .integer(top)), ("left", .integer(left)), ("height", .integer(height)), ("width", .integer(width)),
        ("value", .integer(Int(value))),
      ]
    case .brightness(let delta):
      [("delta", .number(delta))]
    case .contrast(let factor):
      [("factor", .number(factor))]
    case .gamma(let exponent):
      [("exponent", .number(exponent))]
    case .gaussianNoise(let sigma, let seed):
      [("sigma", .number(sigma)), ("seed", .seed(seed))]
    }
  }
}
