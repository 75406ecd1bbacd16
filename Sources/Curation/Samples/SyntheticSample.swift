public import Imaging

/// One row of the synthetic dataset, and the truth about it.
public struct SyntheticSample: Sendable, Hashable {
  /// The row number, from 0.
  public var row: Int
  /// The picture: 48 x 48, gray.
  public var image: Image
  /// The label in the dataset.
  public var given: FaceExpression
  /// What was drawn; nil when no face was.
  public var truth: FaceExpression?
  /// The part of the dataset.
  public var split: Split
  /// How strongly the expression was drawn, 0 to 1.
  public var intensity: Double
  /// What is wrong with the row, if anything.
  public var flaw: SyntheticFlaw?

  /// The key that ingesting the csv gives to the row.
  public var key: String { Self.key(ofRow: row) }

  /// The key that ingesting a FER csv gives to a data row.
  static func key(ofRow row: Int) -> String {
    let digits = String(row)
    return "row-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
  }
}

/// A known defect of a synthetic row.
public enum SyntheticFlaw: Sendable, Hashable {
  /// The label is not what was drawn.
  case wrongLabel
  /// The picture is that of another row, whose label agrees.
  case copy(ofRow: Int)
  /// The picture is that of another row, whose label is right where this one is wrong.
  case conflictingCopy(ofRow: Int)
  /// Every pixel has the same value.
  case blank
  /// The picture shows no face.
  case notAFace

  /// The words for it in `truth.csv`.
  public var note: String {
    switch self {
    case .wrongLabel: "wrong-label"
    case .copy(let row): "copy-of " + SyntheticSample.key(ofRow: row)
    case .conflictingCopy(let row): "conflicting-copy-of " + SyntheticSample.key(ofRow: row)
    case .blank: "blank"
    case .notAFace: "not-a-face"
    }
  }
}
