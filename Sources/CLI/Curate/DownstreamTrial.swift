import Auditing
import Curation
import Foundation
import Training

/// Trains the same network on the training split under one set of labels after another, and tells how well each does on the test split.
///
/// Finished trainings stay in a folder, so that a study that was stopped goes on where it was.
struct DownstreamTrial {
  /// How a network does on the test rows that have no copy in training, by one reference.
  struct Score {
    var reference: String
    var samples: Int
    var accuracy: Double
    var macroF1: Double
  }

  /// The training split, loaded once.
  let training: LabelledSet
  private let store: DatasetStore
  private let classes: [String]
  private let recipe: TrainingRecipe
  /// What networks are judged by, and the file of it.
  private let references: [(reference: EvaluationReference, file: String?)]
  private let work: URL
  private let console: Console

  /// Loads the pictures.
  ///
  /// - Parameters:
  ///   - recipe: how networks train; all of them for the same steps, however many samples they learn from.
  ///   - truth: a file with the columns key and true, that networks are also judged by where it names test rows.
  ///   - work: the folder of the trainings.
  /// - Throws: `CLIError.noLabelledSamples` when there is nothing to judge networks by.
  init(_ store: DatasetStore, recipe: TrainingRecipe, truth: String?, work: URL, console: Console) throws {
    let samples = try store.samples()
    let test = samples.filter { $0.split == .test && $0.label != nil }
    guard !test.isEmpty else { throw CLIError.noLabelledSamples(split: Split.test.rawValue) }
    classes = try store.classes()
    let voted = try Truths.votes(store.votes(), classes: classes)
    var references: [(EvaluationReference, String?)] = [(.labels, nil)]
    if test.contains(where: { voted[$0.id] != nil }) { references.append((.votes, nil)) }
    if let truth {
      // Read with all samples: a file that fits none of them is an error, one that names no test row is of no use here.
      let known = try Truths.file(truth, samples: samples, classes: classes)
      if test.contains(where: { known[$0.id] != nil }) {
        references.append((.labels, truth))
      } else {
        console.note("\(truth) says nothing of the test samples: networks are not judged by it")
      }
    }
    self.references = references
    training = try LabelledSet(.train, of: store, channels: recipe.channels, size: recipe.size, console: console)
    var budget = recipe
    if budget.steps == 0 { budget.steps = budget.epochs * max(1, training.images.count / budget.batchSize) }
    self.recipe = budget
    try ResultFile.makeFolder(work.path)
    (self.store, self.work, self.console) = (store, work, console)
  }

  /// Trains on some positions of the training split and judges.
  ///
  /// - Parameters:
  ///   - name: of the training's file, next to the seed.
  ///   - title: what the console calls it.
  func scores(
    members: [Int], targets: TrainingTargets, seed: UInt64, name: String, title: String
  ) throws -> [Score] {
    let progress = TrainingProgress(title, console: console)
    var trainer = Trainer(
      recipe: recipe, classes: classes, seed: seed,
      checkpoint: work.appending(path: "seed-\(seed)-\(name).training"), observe: progress.observe)
    trainer.replacesOtherCheckpoints = true
    let outcome = try trainer.train(training.images.subset(members), targets: targets)
    let evaluation = try ModelEvaluation(
      model: outcome.model, store: store, split: .test, title: title, console: console)
    return try references.map { reference, file in
      let one = try evaluation.evaluation(against: reference, truthFile: file)
      let counted = one.notLeaked ?? one.all
      return Score(
        reference: one.reference, samples: counted.samples, accuracy: counted.accuracy, macroF1: counted.macroF1)
    }
  }
}
