extension SyntheticFaces {
  /// What the synthetic dataset is made of.
  public struct Options: Sendable, Codable, Hashable {
    /// How many pictures, over all splits.
    public var count: Int
    /// The share of the training pictures whose label is wrong.
    public var noise: Double
    /// The seed that everything follows from.
    public var seed: UInt64
    /// How many pictures are exact copies of another one; a quarter of these carry another label.
    public var duplicates: Int
    /// How many pictures are of one gray value.
    public var blanks: Int
    /// How many pictures show no face.
    public var nonFaces: Int
    /// Also write the pictures as PNG in `folders/SPLIT/CLASS/`.
    public var folders: Bool
    /// Also write `votes.csv`: ten simulated taggers, in the shape of FER+.
    public var votes: Bool
    /// The share of the pictures whose votes are in it; the rows of the others are all zero, as unknown votes are.
    public var votesKnown: Double

    /// Creates options; the numbers of flawed pictures grow with `count` unless they are given.
    public init(
      count: Int = 2000, noise: Double = 0.25, seed: UInt64 = 7, duplicates: Int? = nil, blanks: Int? = nil,
      nonFaces: Int? = nil, folders: Bool = true, votes: Bool = false, votesKnown: Double = 0.5
    ) {
      self.count = count
      self.noise = noise
      self.seed = seed
      self.duplicates = duplicates ?? max(4, count / 80)
      self.blanks = blanks ?? max(2, count / 400)
      self.nonFaces = nonFaces ?? max(2, count / 200)
      self.folders = folders
      self.votes = votes
      self.votesKnown = votesKnown
    }

    /// The fewest training pictures of a class, however rare it is.
    public static let fewestPerClass = 12

    /// The fewest pictures that a dataset of seven classes and three splits can be made of.
    public static let fewestPictures = 140

    func validate() throws {
      guard count >= Self.fewestPictures else { throw SyntheticFacesError.tooFew(count, minimum: Self.fewestPictures) }
      guard (0...0.9).contains(noise) else { throw SyntheticFacesError.noise(noise) }
      guard (0...1).contains(votesKnown) else { throw SyntheticFacesError.votesKnown(votesKnown) }
      let flawed = duplicates + blanks + nonFaces
      guard duplicates >= 0, blanks >= 0, nonFaces >= 0, flawed <= count / 4 else {
        throw SyntheticFacesError.tooManyFlaws(flawed, of: count)
      }
    }
  }
}
