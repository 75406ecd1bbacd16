extension Image {
  /// The picture with a rectangle painted over, in every channel; parts of it may lie outside.
  public func erased(top: Int, left: Int, height: Int, width: Int, value: UInt8) -> Image {
    precondition(height >= 0 && width >= 0, "A rectangle has no negative sides")
    var result = self
    let rows = max(0, top)..<max(max(0, top), min(self.height, top + height))
    let columns = max(0, left)..<max(max(0, left), min(self.width, left + width))
    for y in rows {
      let row = y * self.width
      for index in (row + columns.lowerBound) * channels..<(row + columns.upperBound) * channels {
        result.pixels[index] = value
      }
    }
    return result
  }
}
