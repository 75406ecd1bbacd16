import ArgumentParser
import Curation
import Explain
import Foundation
import NeuralNet
import Training

/// `fercure explain`: which pixels made a model answer as it did.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Draws which pixels of a face made a model answer as it did.",
    discussion: """
      Without --sample, faces of every class are picked that the model gets right and wrong, and that were relabelled \
      or are suggested to be. The folder gets index.html with everything, and sheets, overlays and .npy maps beside it. \
      The methods: \(Explainers.catalogue.map(\.name).joined(separator: ", ")).
      """)

  @Argument(help: "A model that fercure train wrote.", completion: .file(extensions: ["safetensors"]))
  var model: String

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The folder to write.", valueName: "folder"), completion: .directory)
  var to: String

  @Option(help: ArgumentHelp("Which methods, separated by commas; all of them unless given.", valueName: "names"))
  var method: String?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Explain these samples.", valueName: "keys"))
  var sample: [String] = []

  @Option(help: ArgumentHelp("Right, wrong and relabelled faces of each class (1).", valueName: "n"))
  var perClass: Int?

  @Option(help: "The split that faces are picked from: train, validation or test.")
  var split: Split = .test

  @Option(help: ArgumentHelp("Explain this class; the one the model sees unless given.", valueName: "class"))
  var target: String?

  @Option(help: ArgumentHelp("Explain why not this class: maps of the difference.", valueName: "class"))
  var against: String?

  @Option(
    help: ArgumentHelp("The layer whose maps class activation methods weigh, such as layer3.1.", valueName: "path"))
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "Faces of each class in the mean maps of saliency and grad-cam (32, or 0 with --sample).", valueName: "n"))
  var mean: Int?

  @Option(help: ArgumentHelp("Measure how faithful each method is on so many faces.", valueName: "n"))
  var faithfulness = 0

  @Flag(help: "Check by randomising the network's weights that the maps show what was learned.")
  var randomise = false

  @Option(help: "Perturbed pictures of LIME.")
  var samples = 1000

  @Option(help: "Superpixels of LIME, about.")
  var segments = 64

  @Option(help: "float32, bfloat16, int8 or auto, of passes without derivatives; int8 is for score-cam and lime alone.")
  var precision: Precision = .auto

  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  private var methodNames: [String]? { method.map { $0.split(separator: ",").map(String.init) } }

  func validate() throws {
    if !sample.isEmpty, perClass != nil { throw ValidationError("Give either --sample or --per-class.") }
    for (name, value, least) in [
      ("per-class", perClass ?? 1, 1), ("mean", mean ?? 0, 0), ("faithfulness", faithfulness, 0),
      ("samples", samples, 2), ("segments", segments, 1),
    ] where value < least {
      throw ValidationError("--\(name) is a number of at least \(least).")
    }
    if let target, target == against { throw ValidationError("--target and --against are the same class.") }
    if let mean, mean > 0, let names = methodNames, !names.contains(where: ExplainRun.averaged.contains) {
      throw ValidationError("--mean averages \(ExplainRun.averaged.joined(separator: " and ")); name one of them.")
    }
  }

  func run() throws {
    let trained = try TrainedModel(contentsOf: URL(fileURLWithPath: model))
    let store = try dataset.open()
    let classes = try store.classes()
    guard trained.card.classes == classes else {
      throw TrainingError.otherClasses(model: trained.card.classes, dataset: classes)
    }
    let names = methodNames ?? Explainers.catalogue.map(\.name)
    let options = ExplainOptions(layer: layer, seed: seed.seed, samples: samples, segments: segments)
    let clock = ContinuousClock()
    let start = clock.now
    var run = try ExplainRun(
      model: trained, modelName: URL(fileURLWithPath: model).lastPathComponent, store: store,
      datasetName: dataset.name, methods: names, options: options, precision: precision, console: common.console)
    let picker = FacePicker(
      store: store, classes: classes, target: try target.map { try number(of: $0, in: classes) },
      rival: try against.map { try number(of: $0, in: classes) })
    if sample.isEmpty {
      try run.explainPicked(picker, split: split, perClass: perClass ?? 1)
    } else {
      try run.explain(picker.faces(keys: sample), asked: picker)
    }
    try run.climb()
    try run.average(split: split, perClass: mean ?? (sample.isEmpty ? 32 : 0))
    if faithfulness > 0 { try run.measureFaithfulness(split: split, count: faithfulness) }
    if randomise { try run.checkRandomisation(split: split) }
    let paths = try run.gallery.write(to: URL(fileURLWithPath: to))
    let report = ExplainReport(
      run.gallery, folder: to, files: paths.count, seconds: (clock.now - start) / .seconds(1))
    try common.print(report, text: report.text)
  }

  private func number(of name: String, in classes: [String]) throws -> Int {
    guard let number = classes.firstIndex(of: name) else {
      throw CLIError.unknownName(name, kind: "class", known: classes)
    }
    return number
  }
}
