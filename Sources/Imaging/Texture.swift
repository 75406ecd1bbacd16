// Measures of how a picture's levels change from pixel to pixel.

extension Image {
  /// The standard deviation of the picture's edges: 0 for one level, larger the sharper and the more contrast.
  ///
  /// Every pixel inside becomes eight times its luma less its eight neighbours, cut to 0 ... 255; the pixels at the border
  /// stay. Pictures of more than 64 pixels a side are first reduced to 64. This is what Pillow's `FIND_EDGES` gives and
  /// what CleanVision measures blur by.
  public var edgeDeviation: Double {
    let largest = max(height, width)
    guard largest <= 64 else {
      let ratio = Double(largest) / 64
      return resized(
        height: max(1, Int(Double(height) / ratio)), width: max(1, Int(Double(width) / ratio)), filter: .bicubic
      ).edgeDeviation
    }
    let gray = convertedToGray().pixels
    var sum = 0
    var squares = 0
    gray.withUnsafeBufferPointer { gray in
      for y in 0..<height {
        let row = y &* width
        let isInside = y > 0 && y < height - 1
        for x in 0..<width {
          var value = Int(gray[row &+ x])
          if isInside, x > 0, x < width - 1 {
            let above = row &+ x &- width
            let below = row &+ x &+ width
            let upper = Int(gray[above &- 1]) &+ Int(gray[above]) &+ Int(gray[above &+ 1])
            let lower = Int(gray[below &- 1]) &+ Int(gray[below]) &+ Int(gray[below &+ 1])
            let beside = Int(gray[row &+ x &- 1]) &+ Int(gray[row &+ x &+ 1])
            value = max(0, min(255, 8 &* value &- upper &- lower &- beside))
          }
          sum &+= value
          squares &+= value &* value
        }
      }
    }
    let area = Double(height * width)
    let mean = Double(sum) / area
    return max(0, Double(squares) / area - mean * mean).squareRoot()
  }

  /// The share of the pixels inside that differ from none of their four neighbours by more than one level of luma.
  ///
  /// A photograph has hardly any, because it has noise; drawings, text and placeholders have many. 0 where nothing is
  /// inside.
  public var flatShare: Double {
    guard height > 2, width > 2 else { return 0 }
    let gray = convertedToGray().pixels
    var flat = 0
    gray.withUnsafeBufferPointer { gray in
      for y in 1..<height - 1 {
        for x in 1..<width - 1 {
          let index = y &* width &+ x
          let value = Int(gray[index])
          let isFlat =
            abs(Int(gray[index &- 1]) &- value) <= 1 && abs(Int(gray[index &+ 1]) &- value) <= 1
            && abs(Int(gray[index &- width]) &- value) <= 1 && abs(Int(gray[index &+ width]) &- value) <= 1
          if isFlat { flat &+= 1 }
        }
      }
    }
    return Double(flat) / Double((height - 2) * (width - 2))
  }

  /// How many rows and columns of one level lie at each side: padding, frames, bars.
  ///
  /// The lines of a side differ by at most 3 levels of luma, within a line and from the outermost one. A picture of one
  /// level is all border.
  public var borderLines: (top: Int, left: Int, bottom: Int, right: Int) {
    let gray = convertedToGray().pixels
    func run(_ lines: Int, _ length: Int, _ at: (Int, Int) -> Int) -> Int {
      var first = (low: 0, high: 0)
      for line in 0..<lines {
        var (low, high) = (255, 0)
        for place in 0..<length {
          let value = Int(gray[at(line, place)])
          low = min(low, value)
          high = max(high, value)
          if high - low > 3 { return line }
        }
        if line == 0 { first = (low, high) }
        if high - first.low > 3 || first.high - low > 3 { return line }
      }
      return lines
    }
    return (
      top: run(height, width) { $0 * width + $1 }, left: run(width, height) { $1 * width + $0 },
      bottom: run(height, width) { (height - 1 - $0) * width + $1 },
      right: run(width, height) { $1 * width + width - 1 - $0 }
    )
  }
}
