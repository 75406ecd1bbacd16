/// Told how far a long step has come; `total` is nil while it is unknown.
///
/// It may throw `CancellationError` to stop the step: what was finished stays.
public typealias Progress = (_ done: Int, _ total: Int?) throws -> Void
