import ArgumentParser
import Auditing
import Foundation

/// `fercure benchmark labels`: confident learning on arrays, beside which cleanlab can be run on the same.
struct LabelsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels", abstract: "Times confident learning on labels and probabilities from npy files.",
    discussion: "With --to, scores and masks are written as npy files, to be compared with those of cleanlab.")

  @Option(help: ArgumentHelp("int64 [N].", valueName: "labels.npy"), completion: .file(extensions: ["npy"]))
  var labels: String

  @Option(help: ArgumentHelp("float64 [N, C].", valueName: "pred_probs.npy"), completion: .file(extensions: ["npy"]))
  var predProbs: String

  @Option(help: ArgumentHelp("Write what was found here.", valueName: "folder"), completion: .directory)
  var to: String?

  @OptionGroup var common: CommonOptions

  /// Seconds of each filter and score.
  struct Result: Encodable {
    var samples: Int
    var classes: Int
    var filters: [String: Double]
    var issues: [String: Int]
    var scores: [String: Double]

    var text: String {
      var table = TextTable(header: ["filter or score", "seconds", "labels called wrong"])
      table.rows =
        filters.sorted { $0.key < $1.key }
        .map { [$0.key, Numbers.decimal($0.value, places: 4), Numbers.count(issues[$0.key] ?? 0)] }
        + scores.sorted { $0.key < $1.key }.map { [$0.key, Numbers.decimal($0.value, places: 4), ""] }
      return table.text
    }
  }

  func run() throws {
    let given = try NPY(contentsOf: URL(fileURLWithPath: labels))
    let probabilities = try NPY(contentsOf: URL(fileURLWithPath: predProbs))
    let classes = probabilities.shape.last ?? 0
    guard probabilities.shape.count == 2, given.shape == [probabilities.shape[0]] else {
      throw AuditError.wrongShape(labels, found: given.shape, wanted: Array(probabilities.shape.prefix(1)))
    }
    guard given.values.allSatisfy({ (0..<Double(classes)).contains($0) }) else {
      throw AuditError.notAnArray(labels, reason: "its labels are not all from 0 to \(classes - 1)")
    }
    let numbers = given.values.map { Int($0) }
    var result = Result(samples: numbers.count, classes: classes, filters: [:], issues: [:], scores: [:])
    let clock = ContinuousClock()
    for filter in ConfidentLearning.Filter.allCases {
      var mask: [Bool] = []
      let time = clock.measure {
        mask = ConfidentLearning(labels: numbers, probabilities: probabilities.values, classes: classes).issues(filter)
      }
      result.filters[filter.rawValue] = time / .seconds(1)
      result.issues[filter.rawValue] = mask.count { $0 }
      try write("issues-\(filter.rawValue)", mask.map { $0 ? 1 : 0 }, as: .int64)
    }
    for score in ConfidentLearning.Score.allCases {
      var values: [Double] = []
      let time = clock.measure {
        values = ConfidentLearning(labels: numbers, probabilities: probabilities.values, classes: classes).scores(score)
      }
      result.scores[score.rawValue] = time / .seconds(1)
      try write("scores-\(score.rawValue)", values, as: .float64)
    }
    try common.print(result, text: result.text)
  }

  private func write(_ name: String, _ values: [Double], as element: NPY.Element) throws {
    guard let to else { return }
    try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
    try NPY(shape: [values.count], values: values).encoded(as: element)
      .write(to: URL(fileURLWithPath: to).appending(path: name + ".npy"), options: .atomic)
  }
}
