import ArgumentParser
import Foundation
import NeuralNet
import Training

/// `fercure benchmark`: how fast this machine is.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Images per second of training, inference and work on data on this machine.",
    subcommands: [
      TrainingBenchmark.self, InferenceBenchmark.self, LabelsBenchmark.self, AugmentBenchmark.self,
      IngestBenchmark.self, DecodeBenchmark.self, CheckBenchmark.self,
    ])

  /// What both benchmarks can be told.
  struct Options: ParsableArguments {
    @Option(help: ArgumentHelp("The network: 'fercure list models' has them all.", valueName: "name"))
    var model = "resnet18"

    @Option(help: ArgumentHelp("Rows and columns of the pictures.", valueName: "pixels"))
    var size = 48

    @Option(help: "Samples in a step.")
    var batch = 128

    @Option(help: "1 (gray) or 3 (colour).")
    var channels = 1

    @Option(help: "The non-linearity.")
    var activation = Activation.relu

    @Option(help: "The channel attention of each block.")
    var attention = Attention.none

    @Option(help: "float32, bfloat16, auto or, for inference, int8.")
    var precision: Precision = .auto

    @Option(help: "Steps that are timed.")
    var steps = 20

    @Option(help: "Steps before those.")
    var warmup = 3

    @Flag(help: "Also list where the time of a step goes.")
    var profile = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
      if size < 24 || batch < 1 || steps < 1 || warmup < 0 {
        throw ValidationError("--size is at least 24, --batch and --steps at least 1, --warmup at least 0.")
      }
      if channels != 1 && channels != 3 { throw ValidationError("--channels is 1 or 3.") }
    }
  }
}

/// `fercure benchmark training`: forward, loss, backward and optimizer.
struct TrainingBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "training", abstract: "Times training steps.")

  @OptionGroup var options: BenchmarkCommand.Options

  @Flag(help: "Train SCN: the importance head and its loss.")
  var selfCure = false

  @Option(help: ArgumentHelp("Who changes the weights: 'fercure list optimizers' has them all.", valueName: "name"))
  var optimizer = "sgd"

  @Flag(help: "Take plain steps of SGD in turn with these, and print the ratio of their times.")
  var againstPlain = false

  func validate() throws {
    if options.precision == .int8 { throw ValidationError("--precision int8 is for inference alone.") }
  }

  func run() throws {
    let result = try EngineBenchmark(
      options: options, trains: true, optimizer: optimizer, selfCure: selfCure, comparesWithPlain: againstPlain
    ).run()
    try options.common.print(result, text: result.text)
  }
}

/// `fercure benchmark inference`: forward alone.
struct InferenceBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "inference", abstract: "Times forward passes.")

  @OptionGroup var options: BenchmarkCommand.Options

  func run() throws {
    let result = try EngineBenchmark(options: options, trains: false).run()
    try options.common.print(result, text: result.text)
  }
}
