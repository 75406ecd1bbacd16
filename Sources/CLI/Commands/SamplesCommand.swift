import ArgumentParser
import Curation
import Foundation

/// `fercure samples`: a dataset whose truth is known.
struct SamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples", abstract: "Draws a synthetic expression dataset with known label noise, and its truth.")

  @Option(help: ArgumentHelp("The folder to write faces.csv, truth.csv and folders/ into.", valueName: "dir"))
  var into: String

  @Option(help: "How many pictures, over all splits.")
  var count = 2000

  @Option(help: "The share of the training pictures whose label is wrong, 0 ... 0.9.")
  var noise = 0.25

  @Flag(inversion: .prefixedNo, help: "Also write the pictures as PNG files in class folders.")
  var folders = true

  @Flag(help: "Also write votes.csv: ten simulated taggers in the shape of FER+.")
  var votes = false

  @Option(help: "The share of the pictures whose votes are in votes.csv, 0 ... 1; the others' rows are zeros.")
  var votesKnown = 0.5

  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let options = SyntheticFaces.Options(
      count: count, noise: noise, seed: seed.seed, folders: folders, votes: votes,
      votesKnown: votesKnown)
    let samples = try withProgress("Drawing faces", unit: "pictures", console: common.console) { progress in
      try SyntheticFaces.write(to: URL(fileURLWithPath: into), options, progress: progress)
    }
    let report = Report(into: into, options: options, samples: samples)
    try common.print(report, text: report.text)
  }

  /// What was drawn, in numbers.
  struct Report: Encodable {
    var into: String
    var options: SyntheticFaces.Options
    var pictures: Int
    var wrongLabels: Int
    var flawed: Int

    init(into: String, options: SyntheticFaces.Options, samples: [SyntheticSample]) {
      self.into = into
      self.options = options
      pictures = samples.count
      wrongLabels = samples.count { $0.truth != nil && $0.truth != $0.given }
      flawed = samples.count { $0.flaw != nil && $0.flaw != .wrongLabel }
    }

    var text: String {
      "\(into): \(Numbers.count(pictures, "picture")), \(Numbers.count(wrongLabels)) with a wrong label, "
        + "\(Numbers.count(flawed)) copies, blanks and non-faces"
    }
  }
}
