extension FaceSet {
  /// The correlation of a face with its mirror image, at the best of nine positions of the axis: 1 for one seen from the front in
  /// even light.
  static func symmetry(of face: [Float]) -> Double {
    let side = FaceTable.side
    var best = -1.0
    for shift in -4...4 {
      // Column x of the face lies on column side - 1 - x + shift: both run over the columns that have a partner.
      let columns = max(0, shift)..<min(side, side + shift)
      var (sum, squares, products): (Float, Float, Float) = (0, 0, 0)
      for y in 0..<side {
        for x in columns {
          let value = face[y * side + x]
          sum += value
          squares += value * value
          products += value * face[y * side + side - 1 - x + shift]
        }
      }
      let area = Float(columns.count * side)
      let variance = squares - sum * sum / area
      if variance > 1e-9 { best = max(best, Double((products - sum * sum / area) / variance)) }
    }
    return best
  }
}
