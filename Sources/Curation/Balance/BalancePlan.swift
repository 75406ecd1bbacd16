/// What rebalancing would do to the training split, class by class, before anything is done.
public struct BalancePlan: Sendable, Codable, Hashable {
  /// One row for each class, in the dataset's order.
  public var classes: [ClassRow]

  /// What happens to one class.
  public struct ClassRow: Sendable, Codable, Hashable {
    /// The name of the class.
    public var label: String
    /// Training samples of the class.
    public var before: Int
    /// Different pictures among them; the strategy counts these.
    public var unique: Int
    /// Samples left out: copies of a picture that is kept, and what undersampling takes away.
    public var dropped: Int
    /// Samples added.
    public var copies: Int
    /// Pictures whose label is supported by half of the votes or by an audit; nil when nothing is known of the class.
    public var supported: Int?
    /// The most copies that are made of one picture.
    public var copiesPerPicture: Int = 0
    /// What the strategy asks for; more than `after` when a cap on copies was met.
    public var target: Int = 0

    /// Training samples of the class afterwards.
    public var after: Int { before - dropped + copies }
  }

  /// The largest class divided by the smallest that has samples, before; 1 is balanced.
  public var ratioBefore: Double { Self.ratio(classes.map(\.before)) }
  /// The largest class divided by the smallest that has samples, afterwards; 1 is balanced.
  public var ratioAfter: Double { Self.ratio(classes.map(\.after)) }

  private static func ratio(_ counts: [Int]) -> Double {
    let present = counts.filter { $0 > 0 }
    guard let smallest = present.min(), let largest = present.max() else { return 1 }
    return Double(largest) / Double(smallest)
  }

  /// What to know before copies of rare classes are trusted, a sentence each.
  public var warnings: [String] {
    classes.filter { $0.copies > 0 }.flatMap { row -> [String] in
      var warnings: [String] = []
      if let supported = row.supported, 2 * supported < row.unique {
        warnings.append(
          "\(row.label): \(row.before) samples are given, \(row.unique) pictures differ, and the labels of only \(supported) "
            + "are supported")
      }
      if row.copiesPerPicture > 10 {
        warnings.append("\(row.label): some pictures are copied \(row.copiesPerPicture) times")
      }
      if row.after < row.target {
        warnings.append("\(row.label): the cap on copies leaves it at \(row.after) of \(row.target)")
      }
      return warnings
    }
  }
}
