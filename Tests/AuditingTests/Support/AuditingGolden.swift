import Foundation

/// The golden values that `tools/golden/auditing.py` wrote.
struct AuditingGolden: Decodable {
  let confidentLearning: [ConfidentLearningCase]
  /// For scores alone: what is rounded depends on how cleanlab's sorting leaves equal remainders.
  let manyClasses: [ConfidentLearningCase]
  let mixture: Mixture
  let dynamics: Dynamics

  struct ConfidentLearningCase: Decodable {
    let name: String
    let classes: Int
    let labels: [Int]
    let probabilities: [Double]
    let thresholds: [Double]
    let joint: [[Int]]
    let calibratedJoint: [[Int]]
    let estimatedJoint: [[Double]]
    let scores: [String: [Double]]
    let issues: [String: [Int]]
  }

  struct Mixture: Decodable {
    let values: [Double]
    let means: [Double]
    let variances: [Double]
    let weights: [Double]
    let probes: [Double]
    let probabilities: [Double]
  }

  struct Dynamics: Decodable {
    let classes: Int
    let labels: [Int]
    let logits: [[Float]]
    let margin: [Double]
    let confidence: [Double]
    let variability: [Double]
    let correctness: [Double]
    let forgetting: [Double]
    let probabilities: [Double]
    let loss: [Double]
  }

  static func load() throws -> AuditingGolden {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/auditing.json")
    return try JSONDecoder().decode(AuditingGolden.self, from: Data(contentsOf: url))
  }
}

/// The largest difference between two lists; infinite when their lengths differ.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
