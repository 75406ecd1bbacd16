/// An item of a source that could not be taken, and why.
///
/// Everything else of the source was taken.
public struct Rejection: Sendable, Codable, Hashable {
  /// The item: `row 12`, or a path inside the folder.
  public var item: String
  /// Why, as a sentence that names file, row and value.
  public var reason: String

  /// Creates a rejection.
  public init(item: String, reason: String) {
    self.item = item
    self.reason = reason
  }
}
