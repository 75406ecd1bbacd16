import Explain
import Foundation
import Imaging
import ReviewServer
import Synchronization
import Training

/// Draws why beside the faces of the review page: Score-CAM for one label, occlusion for one label rather than another,
/// with one network that is asked one question at a time, on a thread of its own.
final class ReviewHeatMaps: Sendable {
  private struct Tools {
    let model: TrainedModel
    let probe: Probe
    let suggestions: SuggestionMaps
  }

  private let tools = Mutex<Tools?>(nil)
  private let thread = KernelThread()
  private let classes: [String]

  /// Reads a model.
  ///
  /// - Throws: `TrainingError.otherClasses` for a model of another dataset.
  init(modelAt path: String, classes: [String]) async throws {
    self.classes = classes
    try await thread.run { [self] in
      try tools.withLock { tools in
        let model = try TrainedModel(contentsOf: URL(fileURLWithPath: path))
        guard model.card.classes == classes else {
          throw TrainingError.otherClasses(model: model.card.classes, dataset: classes)
        }
        let probe = try Probe(model)
        tools = Tools(model: model, probe: probe, suggestions: SuggestionMaps(model, probe: probe))
      }
    }
  }

  /// What the server calls, from any thread.
  var drawing: ReviewServer.HeatMap {
    { face, label, rather in try await self.thread.run { try self.draw(face, label, rather) } }
  }

  private func draw(_ face: Image, _ label: String, _ rather: String?) throws -> Image? {
    try tools.withLock { tools in
      guard let tools, let number = classes.firstIndex(of: label) else { return nil }
      if let rather { return try tools.suggestions.overlay(of: face, to: label, rather: rather) }
      let question = Question(input: tools.model.input(of: face), target: Target(number))
      let size = tools.model.card.size
      let map = try ScoreCAM().explain([question], of: tools.probe)[0].map
      return map.overlay(on: face.resized(height: size, width: size), magnification: size < 100 ? 3 : 1)
    }
  }
}
