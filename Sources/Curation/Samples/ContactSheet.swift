public import Imaging
import Randomness

/// A picture of many pictures, to look at a dataset at a glance.
public enum ContactSheet {
  /// Lays out rows of equally large gray pictures, each enlarged `magnification` times without smoothing.
  ///
  /// Rows may have different lengths; what is missing stays black. Nil when there is no picture at all.
  public static func image(rows: [[Image]], magnification: Int = 1) -> Image? {
    precondition(magnification > 0, "A contact sheet is magnified at least once")
    guard let first = rows.lazy.flatMap({ $0 }).first, let columns = rows.map(\.count).max() else { return nil }
    let (height, width) = (first.height * magnification, first.width * magnification)
    var sheet = Image(height: rows.count * height, width: columns * width, filledWith: 0)
    for (row, pictures) in rows.enumerated() {
      for (column, picture) in pictures.enumerated() {
        precondition(
          picture.height == first.height && picture.width == first.width && picture.channels == 1,
          "The pictures of a contact sheet are gray and of one size")
        for y in 0..<height {
          for x in 0..<width {
            sheet[row * height + y, column * width + x] = picture[y / magnification, x / magnification]
          }
        }
      }
    }
    return sheet
  }

  /// Draws `columns` faces of every expression, one row each, from weak (left) to strong (right).
  public static func expressions(columns: Int = 12, seed: UInt64 = 7, magnification: Int = 2) -> Image? {
    let rows = FaceExpression.allCases.map { expression in
      (0..<columns).map { column in
        var generator = SeededGenerator(seed: seed, "contact-sheet", expression.rawValue, String(column))
        let range = SyntheticFaces.intensityRange
        let step = columns > 1 ? Double(column) / Double(columns - 1) : 1
        let intensity = range.lowerBound + (range.upperBound - range.lowerBound) * step
        let identity = FaceIdentity(using: &generator)
        return SyntheticFaces.image(
          expression: expression, intensity: intensity, identity: identity, using: &generator)
      }
    }
    return image(rows: rows, magnification: magnification)
  }

  /// Draws a face as it is, then `columns` - 1 times as `augmentation` changes it; other sizes are brought to its size.
  public static func examples(
    of augmentation: any Augmentation, columns: Int = 10, seed: UInt64 = 7, magnification: Int = 2
  ) throws -> Image {
    precondition(columns > 0 && magnification > 0, "A sheet has pictures")
    var generator = SeededGenerator(seed: seed, "augmentation-sheet")
    let identity = FaceIdentity(using: &generator)
    let face = SyntheticFaces.image(expression: .happy, intensity: 0.8, identity: identity, using: &generator)
    var pictures = [
      face.resized(height: face.height * magnification, width: face.width * magnification, filter: .nearest)
    ]
    while pictures.count < columns {
      let operations = augmentation.operations(for: face.shape, using: &generator)
      pictures.append(
        try operations.applied(to: face)
          .resized(height: face.height * magnification, width: face.width * magnification, filter: .nearest))
    }
    return image(rows: [pictures]) ?? face
  }
}
