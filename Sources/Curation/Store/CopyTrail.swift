import GRDB

/// What happened to one field of a copy, and whether it still goes where its parent goes.
struct CopyTrail {
  /// The event by which the copy came into the dataset; its first label has an earlier one.
  let beginning: Int64
  private let parent: String
  /// The events of the field, the oldest first.
  private let events: [LabelEvent]

  init(_ db: Database, of copy: Int64, field: LabelChange.Field, parent: String) throws {
    self.parent = parent
    let all = try LabelEvent.fetchAll(db, "WHERE sample = ? ORDER BY id", [copy])
    beginning = all.first { $0.field == .split }?.id ?? 0
    events = all.filter { $0.field == field }
  }

  /// How the reason of an event begins that a copy has only because its parent has it.
  static func reason(_ parent: String) -> String { "follows \(parent): " }

  /// Whether the field was never changed but with the parent.
  ///
  /// An undo says nothing by itself: it leads back to the event that gave the value before, or to the beginning.
  var isFollowing: Bool {
    var rest = events[...]
    while let last = rest.popLast() {
      guard last.actor == "undo" else {
        return last.id <= beginning || last.reason.hasPrefix(Self.reason(parent))
      }
      while let earlier = rest.last, earlier.to != last.to { rest.removeLast() }
    }
    return true
  }
}
