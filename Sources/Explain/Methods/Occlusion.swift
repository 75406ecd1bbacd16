/// What the score loses when a square of the picture is hidden, shared among the squares that cover a pixel.
///
/// Squares are of a sixth of the picture, half a square apart, and as gray as the mean of the training pixels (0 once
/// normalised). Source: Zeiler and Fergus 2014.
public struct Occlusion: Explainer {
  /// The name on the command line.
  public let name = "occlusion"
  /// One line for listings.
  public let summary = "What the class's logit loses when a square of the picture is hidden"
  /// Rows and columns of a square; nil takes a sixth of the picture.
  public var side: Int?
  /// Pixels from one square to the next; nil takes half a square.
  public var step: Int?

  /// Creates the method.
  public init(side: Int? = nil, step: Int? = nil) {
    self.side = side
    self.step = step
  }

  /// Explains all pictures.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    let (height, width) = (probe.height, probe.width)
    let side = min(side ?? max(2, min(height, width) / 6), min(height, width))
    let step = step ?? max(1, side / 2)
    let squares = Self.starts(height, side, step).flatMap { y in Self.starts(width, side, step).map { (y: y, x: $0) } }
    let plane = height * width
    // The first of a picture's passes hides nothing.
    let passes = squares.count + 1
    var whole: Float = 0
    var sums = [[Float]](repeating: [Float](repeating: 0, count: plane), count: questions.count)
    var covers = [Float](repeating: 0, count: plane)
    for square in squares {
      for y in square.y..<(square.y + side) { for x in square.x..<(square.x + side) { covers[y * width + x] += 1 } }
    }
    try probe.forward(
      questions.count * passes,
      writing: { index, target in
        _ = target.update(fromContentsOf: questions[index / passes].input)
        guard index % passes > 0 else { return }
        let square = squares[index % passes - 1]
        for start in stride(from: 0, to: target.count, by: plane) {
          for y in square.y..<(square.y + side) {
            for x in square.x..<(square.x + side) { target[start + y * width + x] = 0 }
          }
        }
      },
      reading: { index, pass in
        let score = questions[index / passes].target.score(pass.logits)
        guard index % passes > 0 else {
          whole = score
          return
        }
        let square = squares[index % passes - 1]
        for y in square.y..<(square.y + side) {
          for x in square.x..<(square.x + side) { sums[index / passes][y * width + x] += whole - score }
        }
      })
    return sums.map { sum in
      Explanation(
        map: HeatMap(height: height, width: width, values: zip(sum, covers).map { $0 / max(1, $1) }, isSigned: true))
    }
  }

  /// Where squares begin along one axis: evenly, and once more at the end.
  static func starts(_ length: Int, _ side: Int, _ step: Int) -> [Int] {
    var starts = Array(stride(from: 0, through: length - side, by: step))
    if let last = starts.last, last < length - side { starts.append(length - side) }
    return starts
  }
}
