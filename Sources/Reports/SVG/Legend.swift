/// The names of the series above a chart, in as many lines as the width needs.
struct Legend {
  /// One name with its mark.
  struct Item {
    /// What the mark looks like.
    enum Mark: Equatable {
      case box, solidLine, dashedLine
    }

    let name: String
    let color: ChartColor
    let mark: Mark
  }

  /// Height of one line of names.
  static let lineHeight = 18.0

  private let positions: [(item: Item, x: Double, line: Int)]
  /// Height of the whole legend, 0 when there is nothing to tell apart.
  let height: Double

  /// Places `items` from left to right within `width`.
  init(_ items: [Item], width: Double) {
    var positions: [(item: Item, x: Double, line: Int)] = []
    var x = 0.0
    var line = 0
    for item in items {
      let needed = 20 + SVGText.width(of: item.name, size: 12) + 16
      if x > 0, x + needed > width + 16 {
        x = 0
        line += 1
      }
      positions.append((item, x, line))
      x += needed
    }
    self.positions = positions
    height = items.isEmpty ? 0 : Double(line + 1) * Self.lineHeight + 6
  }

  /// Draws the legend with its upper left corner at the origin.
  func draw(on canvas: inout SVGCanvas) {
    for (item, x, line) in positions {
      let middle = Double(line) * Self.lineHeight + 8
      switch item.mark {
      case .box:
        canvas.rectangle(x: x, y: middle - 5, width: 10, height: 10, radius: 2, style: "fill-\(item.color.rawValue)")
      case .solidLine:
        canvas.line(x1: x, y1: middle, x2: x + 14, y2: middle, style: "line-\(item.color.rawValue)")
      case .dashedLine:
        canvas.line(x1: x, y1: middle, x2: x + 14, y2: middle, style: "line-\(item.color.rawValue) dashed")
      }
      canvas.text(item.name, x: x + (item.mark == .box ? 15 : 19), y: middle + 4)
    }
  }
}
