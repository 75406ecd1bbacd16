/// Several augmentations, one after the other: each sees the size that the ones before it leave.
///
/// In a recipe it is a list whose items name an augmentation and give what differs from its defaults:
///
///     - {name: flip}
///     - {name: rotate, degreesRange: [-10, 10]}
public struct Compose: Sendable {
  /// What is done, in order.
  public var steps: [any Augmentation]

  /// Creates a list of augmentations.
  public init(_ steps: [any Augmentation]) {
    self.steps = steps
  }

  /// Mild variations that leave an upright face of a dataset an upright face: used where nothing else is asked for.
  public static let standard = Compose([
    Flip(), Rotate(degreesRange: -10...10), Zoom(factorRange: 0.95...1.1), Translate(fractionRange: -0.06...0.06),
    Jitter(brightnessRange: -20...20, contrastRange: 0.85...1.2),
  ])
}

extension Compose: Augmentation {
  /// The name of the list; it is not in `Augmentations.all`, because recipes write a list as a list.
  public static let name = "compose"

  /// What it does.
  public static let summary = "several augmentations, one after the other"

  /// Draws the operations of every step.
  public func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation] {
    var operations: [Operation] = []
    var shape = shape
    for step in steps {
      let added = step.operations(for: shape, using: &generator)
      shape = added.outputShape(for: shape)
      operations += added
    }
    return operations
  }
}

extension Compose: Codable {
  /// Reads a list of named augmentations.
  public init(from decoder: any Decoder) throws {
    steps = try decoder.singleValueContainer().decode([NamedAugmentation].self).map(\.augmentation)
  }

  /// Writes a list of named augmentations with all their settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(steps.map(NamedAugmentation.init))
  }
}

/// An augmentation of any type beside its name.
private struct NamedAugmentation: Codable {
  let augmentation: any Augmentation

  init(_ augmentation: any Augmentation) {
    self.augmentation = augmentation
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    let name = try container.decode(String.self, forKey: NameKey("name"))
    augmentation = try Augmentations.named(name).init(from: decoder)
  }

  func encode(to encoder: any Encoder) throws {
    try augmentation.encode(to: encoder)
    var container = encoder.container(keyedBy: NameKey.self)
    try container.encode(type(of: augmentation).name, forKey: NameKey("name"))
  }
}
