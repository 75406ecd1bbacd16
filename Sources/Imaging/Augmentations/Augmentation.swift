/// Varies a picture by chance, without changing what it shows.
///
/// All chance is in `operations(for:using:)`: it draws the parameters and returns operations in which every value is
/// fixed. What it returns depends on the shape and on the generator alone; numbers are drawn to a few decimals, so that
/// stored operations stay short. Applying operations is pure and is done elsewhere (`Operation.applied(to:)`).
///
/// To add one: a file in `Augmentations/`, a line in `Augmentations.all`, and a test that its operations keep the
/// ranges. `init(from:)` takes every default where a member is missing, and refuses unknown members and wild values.
public protocol Augmentation: Sendable, Codable {
  /// The name used in recipes.
  static var name: String { get }

  /// What it does, in a few words for lists.
  static var summary: String { get }

  /// Draws the operations for one picture of size `shape`; none leaves the picture as it is.
  func operations(for shape: ImageShape, using generator: inout some RandomNumberGenerator) -> [Operation]
}

/// The augmentations that recipes can name.
public enum Augmentations {
  /// Every augmentation, simple ones first.
  public static let all: [any Augmentation.Type] = [
    Flip.self, Rotate.self, Translate.self, Zoom.self, Affine.self, Shear.self, RandomCrop.self, FiveCrop.self,
    TenCrop.self, Upsample.self, Jitter.self, Equalize.self, LocalEqualize.self, SubtractPlane.self, Blur.self,
    Noise.self, Erase.self,
  ]

  /// The augmentation of a name.
  ///
  /// - Throws: `ImagingError.unknownName`, which lists the names there are.
  public static func named(_ name: String) throws -> any Augmentation.Type {
    guard let type = all.first(where: { $0.name == name }) else {
      throw ImagingError.unknownName(kind: "augmentation", name: name, known: all.map { $0.name })
    }
    return type
  }
}

extension Double {
  /// The number rounded to a few decimals, so that it is written with few digits.
  func rounded(decimals: Int) -> Double {
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    return (self * unit).rounded() / unit
  }
}
