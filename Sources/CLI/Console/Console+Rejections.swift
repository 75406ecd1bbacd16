import Curation

extension Console {
  /// How many rejections are written one by one; a file of the wrong kind would fill the screen with the rest.
  static let listedRejections = 20

  /// Lists what could not be taken on stderr, the first ones word by word.
  func list(_ rejections: [Rejection]) {
    for rejection in rejections.prefix(Self.listedRejections) { warning(rejection.reason) }
    let more = rejections.count - Self.listedRejections
    if more > 0 { warning("and \(Numbers.count(more, "more", "more")); --json lists all of them") }
  }
}
