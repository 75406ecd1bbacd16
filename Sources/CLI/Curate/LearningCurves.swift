import Reports
import Training

extension ReportContent.TrainingRun {
  /// The learning curve that a model carries; nil for a model that was not trained here.
  init?(_ name: String, _ role: Role, _ card: TrainedModel.Card) {
    guard let history = card.history, !history.isEmpty else { return nil }
    self.init(name, role, model: card.model, history: history, bestEpoch: card.epoch)
  }

  /// How a network was trained.
  init(_ name: String, _ role: Role, _ training: TrainingOutcome) {
    let card = training.model.card
    self.init(name, role, model: card.model, history: training.history, bestEpoch: card.epoch)
  }

  /// The learning curve of a network, epoch by epoch.
  init(_ name: String, _ role: Role, model: String, history: [EpochMetrics], bestEpoch: Int? = nil) {
    let epochs = history.map {
      Epoch(
        number: $0.epoch, trainLoss: $0.trainLoss, validationLoss: $0.validationLoss,
        trainAccuracy: $0.trainAccuracy, validationAccuracy: $0.validationAccuracy, learningRate: $0.learningRate)
    }
    let seconds = history.reduce(0) { $0 + $1.seconds }
    self.init(
      name: name, role: role, model: model, epochs: epochs, bestEpoch: bestEpoch, seconds: seconds > 0 ? seconds : nil)
  }
}
