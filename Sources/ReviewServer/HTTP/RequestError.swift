/// Why a request is refused; the page shows the sentence.
enum RequestError: Error, Equatable {
  /// What was asked for makes no sense.
  case badRequest(String)
  /// The request does not come from our own page, or without the token.
  case forbidden(String)
  /// There is no such thing.
  case notFound(String)
  /// Somebody else changed the same sample meanwhile.
  case conflict(String)

  /// The sentence.
  var reason: String {
    switch self {
    case .badRequest(let reason), .forbidden(let reason), .notFound(let reason), .conflict(let reason): reason
    }
  }
}
