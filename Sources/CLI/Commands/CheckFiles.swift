import Curation
import Foundation
import Imaging

/// The files that `fercure check` writes beside its table.
struct CheckFiles {
  private let outcome: CheckOutcome
  private let samples: [Sample]

  init(_ outcome: CheckOutcome, samples: [Sample]) {
    self.outcome = outcome
    self.samples = samples
  }

  /// Every pair of almost equal pictures, a row each.
  func writePairs(to file: ResultFile) throws {
    let byID = Dictionary(uniqueKeysWithValues: samples.map { ($0.id, $0) })
    let rows = (outcome.pairs ?? []).compactMap { pair -> [String]? in
      guard let first = byID[pair.first], let second = byID[pair.second] else { return nil }
      return [
        first.key, second.key, Numbers.decimal(pair.correlation, places: 6), "\(pair.mirrored)", "\(pair.x)",
        "\(pair.y)",
      ]
        + [first, second].flatMap { [$0.split.rawValue, $0.label ?? ""] }
    }
    let header = [
      "first", "second", "correlation", "mirrored", "x", "y", "firstSplit", "firstLabel", "secondSplit", "secondLabel",
    ]
    try file.write(CSVText.table(header: header, rows: rows))
  }

  /// The score of every sample by every check that gives one, a row a sample.
  func writeScores(to file: ResultFile) throws {
    let rows = samples.lazy.map { sample in
      [sample.key] + outcome.scores.map { $0.scores[sample.id].map { "\($0)" } ?? "" }
    }
    try file.write(CSVText.table(header: ["key"] + outcome.scores.map(\.check), rows: rows))
  }

  /// A picture of the worst findings of every check that has any.
  func writeSheets(to folder: String, from source: some SampleSource) throws {
    for (check, findings) in Dictionary(grouping: outcome.findings, by: \.check) {
      guard let sheet = try CheckSheet.image(of: findings, in: source) else { continue }
      try Data(PNGCodec.encode(sheet)).write(to: URL(fileURLWithPath: folder).appending(path: "\(check).png"))
    }
  }
}
