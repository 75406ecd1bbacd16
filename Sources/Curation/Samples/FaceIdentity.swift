import Randomness

/// What stays the same about a person from picture to picture.
///
/// Lengths are in units of half the height of the head; gray values run from 0 (black) to 1 (white).
public struct FaceIdentity: Sendable, Codable, Hashable {
  /// Half the width of the head.
  var headWidth: Double
  /// How much narrower the jaw is than the temples.
  var jawTaper: Double
  /// From the middle of the face to the middle of an eye.
  var eyeDistance: Double
  /// The height of the eyes, measured downwards from the middle of the head.
  var eyeLevel: Double
  /// Half the width of an eye.
  var eyeWidth: Double
  /// How far the lids stand open at rest, around 1.
  var eyeOpenness: Double
  /// Half the thickness of the brows.
  var browThickness: Double
  /// From the eyes up to the brows, at rest.
  var browHeight: Double
  /// How far the inner end of a brow hangs below the outer one at rest: looks grim when positive.
  var browSlant: Double
  /// Half the width of the nose.
  var noseWidth: Double
  /// The height of the tip of the nose.
  var noseLength: Double
  /// The height of the mouth.
  var mouthLevel: Double
  /// Half the width of the mouth at rest.
  var mouthWidth: Double
  /// How far the corners of the mouth stand up at rest.
  var mouthCurve: Double
  /// The thickness of the lips.
  var lipThickness: Double
  /// How bright the skin is.
  var skin: Double
  /// How bright hair and brows are.
  var hair: Double
  /// Where the hair begins, measured downwards from the middle of the head.
  var hairline: Double
  /// How strongly the hairline curves at the temples.
  var hairCurve: Double
  /// True for hair that falls beside the face.
  var longHair: Bool
  /// The strength of the frame of the glasses; 0 for none.
  var glasses: Double
  /// The density of the beard; 0 for none.
  var beard: Double
  /// How deep lines and folds are: more with age.
  var wrinkles: Double

  /// Draws a person.
  public init(using generator: inout some RandomNumberGenerator) {
    headWidth = generator.uniform(in: 0.7...0.84)
    jawTaper = generator.uniform(in: 0.08...0.3)
    eyeDistance = generator.uniform(in: 0.29...0.37)
    eyeLevel = generator.uniform(in: -0.2 ... -0.1)
    eyeWidth = generator.uniform(in: 0.15...0.2)
    eyeOpenness = generator.uniform(in: 0.78...1.18)
    browThickness = generator.uniform(in: 0.028...0.055)
    browHeight = generator.uniform(in: 0.22...0.29)
    browSlant = generator.normal() * 0.022
    noseWidth = generator.uniform(in: 0.1...0.16)
    noseLength = generator.uniform(in: 0.14...0.24)
    mouthLevel = generator.uniform(in: 0.47...0.56)
    mouthWidth = generator.uniform(in: 0.24...0.33)
    mouthCurve = generator.normal() * 0.02
    lipThickness = generator.uniform(in: 0.035...0.075)
    skin = generator.uniform(in: 0.38...0.86)
    hair = min(0.9, generator.uniform(in: 0.04...0.35) + (generator.chance(0.2) ? generator.uniform(in: 0.2...0.5) : 0))
    hairline = generator.uniform(in: -0.86 ... -0.6)
    hairCurve = generator.uniform(in: 0.1...0.7)
    longHair = generator.chance(0.4)
    glasses = generator.chance(0.12) ? generator.uniform(in: 0.5...1) : 0
    beard = generator.chance(0.18) ? generator.uniform(in: 0.2...0.75) : 0
    wrinkles = generator.uniform(in: 0.35...1)
  }
}
