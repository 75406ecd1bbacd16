import Randomness

/// How strongly each facial action unit is active, 0 (at rest) to 1 (as far as it goes).
///
/// Numbers and names follow the Facial Action Coding System (Ekman and Friesen, 1978). Only the units that a face of
/// 48 x 48 pixels can show are here.
public struct FaceActions: Sendable, Codable, Hashable {
  /// AU1: the inner ends of the brows go up.
  public var innerBrowRaise = 0.0
  /// AU2: the outer ends of the brows go up.
  public var outerBrowRaise = 0.0
  /// AU4: the brows come down and together.
  public var browLower = 0.0
  /// AU5: the upper lids go up and show white above the iris.
  public var upperLidRaise = 0.0
  /// AU6: the cheeks push the lower lids up.
  public var cheekRaise = 0.0
  /// AU7: the lids tighten.
  public var lidTighten = 0.0
  /// AU9: the nose wrinkles.
  public var noseWrinkle = 0.0
  /// AU10: the upper lip goes up.
  public var upperLipRaise = 0.0
  /// AU12: the lip corners go up and out.
  public var lipCornerPull = 0.0
  /// AU15: the lip corners go down.
  public var lipCornerDepress = 0.0
  /// AU17: the chin pushes the lower lip up.
  public var chinRaise = 0.0
  /// AU20: the lips stretch sideways.
  public var lipStretch = 0.0
  /// AU23 and AU24: the lips become narrow and thin.
  public var lipTighten = 0.0
  /// AU25: the lips part.
  public var lipsPart = 0.0
  /// AU26: the jaw drops.
  public var jawDrop = 0.0

  /// Creates a face at rest.
  public init() {}

  static let all: [any WritableKeyPath<FaceActions, Double> & Sendable] = [
    \.innerBrowRaise, \.outerBrowRaise, \.browLower, \.upperLidRaise, \.cheekRaise, \.lidTighten, \.noseWrinkle,
    \.upperLipRaise, \.lipCornerPull, \.lipCornerDepress, \.chinRaise, \.lipStretch, \.lipTighten, \.lipsPart,
    \.jawDrop,
  ]

  /// Returns the face of `expression`, as strongly as `intensity` says.
  ///
  /// The prototypes are those of EMFACS (Friesen and Ekman, 1983). Every person shows them differently: each unit is
  /// scaled on its own, some are left out, and units that do not belong to the expression move a little too.
  public static func showing(
    _ expression: FaceExpression, intensity: Double, using generator: inout some RandomNumberGenerator
  ) -> FaceActions {
    var actions = FaceActions()
    for (action, strength) in prototype(of: expression, using: &generator) {
      let own = generator.uniform(in: 0.6...1.25) * (generator.chance(0.06) ? 0.4 : 1)
      actions[keyPath: action] = strength * intensity * own
    }
    for action in all {
      let stray = generator.chance(0.2) ? generator.uniform(in: 0...0.22) : generator.uniform(in: 0...0.05)
      actions[keyPath: action] = min(1, max(0, actions[keyPath: action] + stray))
    }
    return actions
  }

  private typealias Strength = (WritableKeyPath<FaceActions, Double>, Double)

  private static func prototype(
    of expression: FaceExpression, using generator: inout some RandomNumberGenerator
  ) -> [Strength] {
    let variant = generator.uniform()
    switch expression {
    case .angry:  // AU4 + 5 + 7 + 23, with lips pressed or bared
      let base: [Strength] = [(\.browLower, 1), (\.upperLidRaise, 0.35), (\.lidTighten, 0.7)]
      return variant < 0.6
        ? base + [(\.lipTighten, 1), (\.chinRaise, 0.35)]
        : base + [(\.lipsPart, 0.9), (\.upperLipRaise, 0.45), (\.lipTighten, 0.4)]
    case .disgust:  // AU9 + 10 + 15, with 17
      return [
        (\.noseWrinkle, 1), (\.upperLipRaise, 0.9), (\.lipCornerDepress, 0.4), (\.browLower, 0.45), (\.lidTighten, 0.6),
        (\.chinRaise, 0.4), (\.lipsPart, variant < 0.4 ? 0.35 : 0),
      ]
    case .fear:  // AU1 + 2 + 4 + 5 + 20 + 25 or 26
      return [
        (\.innerBrowRaise, 0.95), (\.outerBrowRaise, 0.35), (\.browLower, 0.45), (\.upperLidRaise, 0.9),
        (\.lidTighten, 0.25), (\.lipStretch, 0.95), (\.lipsPart, 0.75), (\.jawDrop, variant < 0.5 ? 0.3 : 0.1),
      ]
    case .happy:  // AU6 + 12, mostly with 25
      return [
        (\.cheekRaise, 0.8), (\.lipCornerPull, 1), (\.lipsPart, variant < 0.65 ? 0.85 : 0),
        (\.jawDrop, variant < 0.2 ? 0.35 : 0),
      ]
    case .sad:  // AU1 + 4 + 15, with 17
      return [
        (\.innerBrowRaise, 0.9), (\.browLower, 0.35), (\.lipCornerDepress, 1), (\.chinRaise, 0.55),
        (\.lidTighten, 0.35),
      ]
    case .surprise:  // AU1 + 2 + 5 + 26
      return [
        (\.innerBrowRaise, 1), (\.outerBrowRaise, 1), (\.upperLidRaise, 0.8), (\.lipsPart, 0.5), (\.jawDrop, 0.95),
      ]
    case .neutral:
      return []
    }
  }
}
