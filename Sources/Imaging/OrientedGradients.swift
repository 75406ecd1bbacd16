/// How strong the gradients of a picture are, cell by cell and direction by direction, at 48 x 48 pixels.
///
/// Opposite directions are the same. Nothing is normalised: that depends on what the numbers are for.
/// Source: Dalal and Triggs, "Histograms of oriented gradients for human detection" (2005).
public enum OrientedGradients {
  /// Rows and columns of what is looked at; other sizes are brought to it.
  public static let size = 48
  /// Rows and columns of a cell.
  public static let cell = 8
  /// Parts of the half circle, the first around level gradients and the fifth around upright ones, so that a mirrored picture has
  /// the same numbers in other places.
  public static let directions = 8
  /// Cells in a row or column.
  public static let across = size / cell
  /// Cells of a picture.
  public static let cells = across * across
  /// Numbers of a picture: [cell row, cell column, direction].
  public static let count = cells * directions

  /// The sums of the gradients' lengths, in shares of the range of levels.
  public static func sums(of gray: Image) -> [Float] {
    precondition(gray.channels == 1, "Gradients are taken of gray pictures")
    let image = gray.height == size && gray.width == size ? gray : gray.resized(height: size, width: size)
    return image.pixels.withUnsafeBufferPointer { pixels in
      [Float](unsafeUninitializedCapacity: count) { sums, initialized in
        sums.initialize(repeating: 0)
        for y in 0..<size {
          let cells = (y / cell) * across
          for x in 0..<size {
            let at = y &* size &+ x
            let right = x == 0 || x == size - 1 ? 0 : Float(pixels[at &+ 1]) - Float(pixels[at &- 1])
            let down = y == 0 || y == size - 1 ? 0 : Float(pixels[at &+ size]) - Float(pixels[at &- size])
            let strength = (right * right + down * down).squareRoot() / 255
            sums[(cells &+ x / cell) &* directions &+ direction(right, down)] += strength
          }
        }
        initialized = count
      }
    }
  }

  /// Where a number of the mirrored picture stands in the picture's own.
  public static func mirrored(_ index: Int) -> Int {
    let (place, direction) = (index / directions, index % directions)
    let (row, column) = (place / across, place % across)
    return (row * across + across - 1 - column) * directions + (directions - direction) % directions
  }

  /// Which part of the half circle a gradient points into.
  private static func direction(_ right: Float, _ down: Float) -> Int {
    // Quarters mirror each other: where the parts of the first end, as tangents, is enough.
    let (across, upright) = (abs(right), abs(down))
    var part = 0
    // The tangents of 11.25, 33.75, 56.25 and 78.75 degrees.
    if upright > 0.198_912 * across { part += 1 }
    if upright > 0.668_179 * across { part += 1 }
    if upright > 1.496_606 * across { part += 1 }
    if upright > 5.027_339 * across { part += 1 }
    return right * down < 0 ? (directions - part) % directions : part
  }
}
