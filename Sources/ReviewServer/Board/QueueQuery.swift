import Curation

/// Which suggestions a queue holds and in which order: what stands in the address of a page.
struct QueueQuery: Sendable, Hashable {
  /// Which suggestions, by what was said about them.
  enum Scope: String, CaseIterable, Sendable {
    /// Those that nobody decided; skipped ones only while they are asked for.
    case open
    /// Those that somebody looked at and could not tell.
    case skipped
    /// Those that were decided.
    case decided
    /// Those that another reviewer decided, a share of them, again.
    case second
    /// Those on which reviewers differ.
    case conflict
    /// Those that this reviewer said something about.
    case mine
    case all
  }

  /// In which order.
  enum Order: String, CaseIterable, Sendable {
    /// The surest first.
    case confidence
    /// Those first whose given label the networks believe least, compared with the suggested one.
    case disagreement
    /// Those first that teach most about how right the others are.
    case teaches
    /// The surest, and among five one drawn by chance.
    case budget
    /// By chance.
    case random
    /// As they stand in the source.
    case key
  }

  var scope = Scope.open
  var order = Order.confidence
  /// The given label.
  var from: String?
  /// The suggested label; `not a face` for those without one.
  var to: String?
  var verdict: Suggestion.Verdict?
  var split: Split?
  var confidence = 0.0...1.0
  /// Only the copies and near-copies of this sample.
  var like: Int64?
  /// Only what lies in this rectangle of the map.
  var box: FaceMap.Box?
  /// Where chance starts.
  var seed: UInt64 = 7

  init() {}

  /// Reads what stands in an address; an unknown word is an error that lists the known ones.
  init(_ parameters: (String) -> String?) throws(RequestError) {
    scope = try Self.word(parameters("state"), "state") ?? .open
    order = try Self.word(parameters("order"), "order") ?? .confidence
    from = parameters("from").flatMap { $0.isEmpty ? nil : $0 }
    to = parameters("to").flatMap { $0.isEmpty ? nil : $0 }
    verdict = try Self.word(parameters("verdict"), "verdict")
    split = try Self.word(parameters("split"), "split")
    let lower = try Self.share(parameters("min"), "min") ?? 0
    let upper = try Self.share(parameters("max"), "max") ?? 1
    guard lower <= upper else { throw .badRequest("min is greater than max") }
    confidence = lower...upper
    if let text = parameters("like"), !text.isEmpty {
      guard let id = Int64(text) else { throw .badRequest("like is the id of a sample, not '\(text)'") }
      like = id
    }
    if let text = parameters("box"), !text.isEmpty {
      guard let rectangle = FaceMap.Box(text) else {
        throw .badRequest("box is left,top,right,bottom, not '\(text)'")
      }
      box = rectangle
    }
    if let text = parameters("seed"), !text.isEmpty {
      guard let number = UInt64(text) else { throw .badRequest("seed is a number, not '\(text)'") }
      seed = number
    }
  }

  private static func word<Word: RawRepresentable<String> & CaseIterable>(
    _ text: String?, _ name: String
  ) throws(RequestError) -> Word? {
    guard let text, !text.isEmpty else { return nil }
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw .badRequest("there is no \(name) '\(text)'; choose from \(known)")
    }
    return word
  }

  private static func share(_ text: String?, _ name: String) throws(RequestError) -> Double? {
    guard let text, !text.isEmpty else { return nil }
    guard let value = Double(text), (0...1).contains(value) else {
      throw .badRequest("\(name) is a number from 0 to 1, not '\(text)'")
    }
    return value
  }
}
