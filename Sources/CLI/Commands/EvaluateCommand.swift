import ArgumentParser
import Curation
import Foundation
import Training

/// `fercure evaluate`: how well a model predicts a split.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Accuracy, macro-F1, loss, per-class table and confusion matrix of a model.",
    discussion: """
      Rows that have an identical picture in the training split are also counted apart: on them a network shows what \
      it remembers, not what it has learned.
      """)

  @Argument(help: "A model that fercure train wrote.", completion: .file(extensions: ["safetensors"]))
  var model: String

  @OptionGroup var dataset: DatasetArgument

  @Option(help: "The split: train, validation or test.")
  var split: Split = .test

  @Option(help: "What is taken for true: labels or votes.")
  var against = EvaluationReference.labels

  @Option(help: ArgumentHelp("A csv with the columns key and true that is taken for true.", valueName: "file"))
  var truth: String?

  @Option(help: "The looks at a picture that are averaged: one, flip (and its mirror image) or ten-crop.")
  var views: Views = .flip

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if truth != nil, against != .labels {
      throw ValidationError("Give either --truth or --against \(against.rawValue).")
    }
  }

  func run() throws {
    let trained = try TrainedModel(contentsOf: URL(fileURLWithPath: model))
    let store = try dataset.open()
    let classes = try store.classes()
    guard trained.card.classes == classes else {
      throw TrainingError.otherClasses(model: trained.card.classes, dataset: classes)
    }
    let evaluator = try ModelEvaluation(
      model: trained, store: store, split: split, views: views, title: "Evaluating", console: common.console)
    let evaluation = try evaluator.evaluation(against: against, truthFile: truth)
    guard evaluation.all.samples > 0 else {
      throw CLIError.nothingToJudgeBy(split: split.rawValue, reference: evaluation.reference)
    }
    let report = EvaluationReport(evaluation, classes: classes)
    try common.print(report, text: report.text)
  }
}
