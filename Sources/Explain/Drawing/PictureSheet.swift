public import Imaging

/// Pictures in rows and columns with words beside and above them.
public struct PictureSheet: Sendable {
  /// A row: its words, a line each, and its pictures.
  public struct Row: Sendable {
    /// What stands at the left.
    public var words: [String]
    /// The pictures; an empty place is nil.
    public var pictures: [Image?]

    /// Creates a row.
    public init(words: [String], pictures: [Image?]) {
      self.words = words
      self.pictures = pictures
    }
  }

  /// What stands above the columns.
  public var header: [String]
  /// The rows.
  public var rows: [Row]

  /// Creates a sheet.
  public init(header: [String], rows: [Row]) {
    self.header = header
    self.rows = rows
  }

  /// The sheet in colour on white; nil when it has no picture.
  ///
  /// Pictures should have one size; a smaller one stands at the upper left of its place.
  public var image: Image? {
    let pictures = rows.flatMap { $0.pictures.compactMap { $0 } }
    guard let cellHeight = pictures.map(\.height).max(), let cellWidth = pictures.map(\.width).max() else { return nil }
    let (gap, line) = (6, PixelFont.height + 3)
    let columns = max(header.count, rows.map(\.pictures.count).max() ?? 0)
    // A word wider than its column takes two lines, broken at its hyphen.
    let titles = header.map { Self.broken($0, width: cellWidth) }
    let top = gap + (titles.map(\.count).max() ?? 0) * line + gap / 2
    let left = gap + (rows.flatMap(\.words).map(PixelFont.width).max() ?? 0) + gap
    var sheet = Image(
      height: top + rows.count * (cellHeight + gap), width: left + columns * (cellWidth + gap), channels: 3,
      filledWith: 255)
    for (column, lines) in titles.enumerated() {
      for (number, text) in lines.enumerated() {
        sheet.write(text, top: gap + number * line, left: left + column * (cellWidth + gap))
      }
    }
    for (number, row) in rows.enumerated() {
      let y = top + number * (cellHeight + gap)
      for (line, text) in row.words.enumerated() {
        sheet.write(text, top: y + line * (PixelFont.height + 3), left: gap)
      }
      for (column, picture) in row.pictures.enumerated() {
        guard let picture else { continue }
        sheet.place(picture.convertedToRGB(), top: y, left: left + column * (cellWidth + gap))
      }
    }
    return sheet
  }

  private static func broken(_ text: String, width: Int) -> [String] {
    guard PixelFont.width(text) > width, let place = text.firstIndex(where: { $0 == "-" || $0 == " " }) else {
      return [text]
    }
    return [String(text[...place]), String(text[text.index(after: place)...])]
  }
}
