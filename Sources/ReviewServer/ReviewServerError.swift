public import Foundation

/// What can go wrong before the page can be opened.
public enum ReviewServerError: Error, Equatable {
  case cannotListen(host: String, port: Int, reason: String)
  case noSuggestions(dataset: String)
}

extension ReviewServerError: CustomStringConvertible, LocalizedError {
  /// What is wrong and what to do about it, in one line.
  public var description: String {
    switch self {
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host), port \(port): \(reason); choose another with --port, 0 takes a free one"
    case .noSuggestions(let dataset):
      "there is nothing to review in \(dataset); 'fercure audit \(dataset)' makes suggestions"
    }
  }

  /// The same line, where Foundation asks for it.
  public var errorDescription: String? { description }
}
