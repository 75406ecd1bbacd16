/// The seven expressions of FER2013, in the order of its label numbers.
public enum FaceExpression: String, CaseIterable, Codable, Sendable {
  case angry, disgust, fear, happy, sad, surprise, neutral

  /// The names of all expressions, in label order: the classes of a FER dataset.
  public static let names = allCases.map(\.rawValue)

  /// The label number that FER2013 gives to the expression.
  public var number: Int {
    switch self {
    case .angry: 0
    case .disgust: 1
    case .fear: 2
    case .happy: 3
    case .sad: 4
    case .surprise: 5
    case .neutral: 6
    }
  }

  /// How many training pictures FER2013 has of the expression.
  var ferTrainingCount: Int { [3995, 436, 4097, 7215, 4830, 3171, 4965][number] }
}
