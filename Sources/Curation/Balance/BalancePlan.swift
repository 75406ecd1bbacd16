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

    /// Training samples of the class afterwards.
    public var after: Int { before - dropped + copies }
    /// The most copies that are made of one picture.
    public var copiesPerPicture: Int { unique == 0 ? 0 : (copies + unique - 1) / unique }
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
}
