/// The part of a dataset that a sample belongs to.
public enum Split: String, Codable, CaseIterable, Sendable {
  case train, validation, test
}
