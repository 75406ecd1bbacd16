extension HTMLReport {
  /// What keeps a report small enough to be mailed; whatever a limit leaves out is counted on the page.
  public struct Limits: Sendable, Hashable {
    /// Faces shown for each check.
    public var facesPerCheck: Int
    /// Faces shown for each class.
    public var facesPerClass: Int
    /// Suggestions shown with their face.
    public var suggestions: Int
    /// Larger pictures are made smaller until no side is longer.
    public var longestSide: Int
    /// Bytes all pictures may take in the page; 4 MB leave room for the rest below 5 MB.
    public var pictureBytes: Int

    /// Creates limits.
    public init(
      facesPerCheck: Int = 12, facesPerClass: Int = 8, suggestions: Int = 24, longestSide: Int = 128,
      pictureBytes: Int = 4_000_000
    ) {
      precondition(longestSide > 0, "A picture has at least one pixel a side")
      self.facesPerCheck = max(0, facesPerCheck)
      self.facesPerClass = max(0, facesPerClass)
      self.suggestions = max(0, suggestions)
      self.longestSide = longestSide
      self.pictureBytes = pictureBytes
    }
  }
}
