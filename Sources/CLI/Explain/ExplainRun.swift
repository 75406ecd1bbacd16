import Curation
import Explain
import Foundation
import Imaging
import NeuralNet
import Randomness
import Training

/// Explains a model step by step and gathers what was found.
struct ExplainRun {
  private let model: TrainedModel
  private let store: DatasetStore
  private let probe: Probe
  private let methods: [any Explainer]
  private let names: [String]
  private let options: ExplainOptions
  private let console: Console
  private(set) var gallery: Gallery

  init(
    model: TrainedModel, modelName: String, store: DatasetStore, datasetName: String, methods names: [String],
    options: ExplainOptions, precision: Precision, console: Console
  ) throws {
    let probe = try Probe(model, precision: precision)
    var options = options
    options.layer = try options.layer.map { try probe.layer($0).name } ?? probe.defaultLayer().name
    methods = try Explainers.named(names, options)
    self.probe = probe
    self.model = model
    self.store = store
    self.names = names
    self.options = options
    self.console = console
    let usesLayer = names.contains { $0.contains("-cam") }
    gallery = Gallery(
      model: modelName, dataset: datasetName, classes: model.card.classes, layer: usesLayer ? options.layer : nil,
      methods: methods.map { ($0.name, $0.summary) }, inputShape: probe.inputShape)
  }

  /// Picks faces of a split, and relabelled ones of the whole dataset, and explains them.
  mutating func explainPicked(_ picker: FacePicker, split: Split, perClass: Int) throws {
    let card = model.card
    let set = try LabelledSet(split, of: store, channels: card.channels, size: card.size, console: console)
    guard set.images.count > 0 else { throw CLIError.noLabelledSamples(split: split.rawValue) }
    let predictor = try Predictor(model, precision: probe.precision)
    let probabilities = try withProgress("Predicting", console: console) {
      try predictor.predict(set.images, views: .one, progress: $0).probabilities
    }
    let picked = picker.faces(of: set.images.samples, probabilities: probabilities, perClass: perClass)
    try explain(picked + picker.relabelledFaces(perClass: perClass), asked: picker)
  }

  /// Explains some faces.
  mutating func explain(_ faces: [PickedFace], asked picker: FacePicker) throws {
    let (inputs, pictures) = try inputs(of: faces.map(\.sample))
    let logits = try probe.logits(of: inputs, exposing: [gallery.layer].compactMap { $0 })
    let answers = logits.map { logits in logits.indices.max { logits[$0] < logits[$1] } ?? 0 }
    let questions = faces.indices.map {
      Question(input: inputs[$0], target: picker.target(of: faces[$0], predicted: answers[$0]))
    }
    let (explanations, seconds) = try explain(questions, title: "Explaining")
    gallery.methodSeconds.merge(seconds) { $0 + $1 }
    for (index, face) in faces.enumerated() {
      let target = questions[index].target
      let classes = model.card.classes
      gallery.faces.append(
        Gallery.Face(
          key: face.sample.key, label: face.sample.label ?? classes[answers[index]], reason: face.reason,
          predicted: classes[answers[index]],
          confidence: Double(Target(answers[index]).confidence(logits[index])),
          question: "why \(classes[target.label])" + (target.rival.map { " rather than \(classes[$0])" } ?? "") + "?",
          picture: pictures[index], explanations: explanations.map { $0[index] },
          activations: names.contains(Explainers.activations) ? try Activations(of: inputs[index], in: probe) : nil))
    }
  }

  /// Climbs the first nine channels of the first convolution of each stage, and the classes.
  mutating func climb() throws {
    guard names.contains(Explainers.gradientAscent) else { return }
    let channels = probe.stageConvolutions.flatMap { layer in
      (0..<min(9, layer.channels)).map { GradientAscent.Goal.channel($0, layer: layer.name) }
    }
    let goals = channels + model.card.classes.indices.map { .label($0) }
    gallery.summits = try withProgress("Climbing", unit: "steps", console: console) {
      try GradientAscent(seed: options.seed).climb(goals, in: probe, progress: $0)
    }
  }

  /// The methods whose maps are averaged: those quick enough for hundreds of faces.
  static let averaged = ["saliency", "grad-cam"]

  /// Averages the maps of each class over some of its faces.
  mutating func average(split: Split, perClass: Int) throws {
    let wanted = methods.filter { Self.averaged.contains($0.name) }
    guard perClass > 0, !wanted.isEmpty else { return }
    let all = try store.samples().filter { $0.split == split }
    for (number, label) in model.card.classes.enumerated() {
      let samples = draw(perClass, from: all.filter { $0.label == label })
      if samples.isEmpty { continue }
      let (inputs, pictures) = try inputs(of: samples)
      let questions = inputs.map { Question(input: $0, target: Target(number)) }
      for method in wanted {
        guard let map = HeatMap.mean(of: try method.explain(questions, of: probe).map(\.map)) else { continue }
        gallery.meanMaps.append(
          Gallery.MeanMap(
            label: label, method: method.name, count: samples.count, picture: Self.mean(of: pictures), map: map))
      }
    }
  }

  /// Measures the faithfulness of all methods, and of two maps that know nothing, on some faces of a split.
  mutating func measureFaithfulness(split: Split, count: Int) throws {
    let questions = try questions(split: split, count: count)
    let measure = Faithfulness(seed: options.seed)
    let (explanations, _) = try explain(questions, title: "Explaining for faithfulness")
    let (height, width) = (probe.height, probe.width)
    func control(_ map: HeatMap) -> [HeatMap] { [HeatMap](repeating: map, count: questions.count) }
    var rows = zip(methods, explanations).map { (name: $0.name, maps: $1.map(\.map)) }
    rows.append(("chance", control(measure.chance(height: height, width: width))))
    rows.append(("centre", control(Faithfulness.centre(height: height, width: width))))
    gallery.faithfulnessCount = questions.count
    try withProgress("Measuring faithfulness", unit: "methods", console: console) { progress in
      for (name, maps) in rows {
        gallery.faithfulness.append(
          Gallery.MethodScores(method: name, scores: try measure.scores(questions, maps: maps, in: probe)))
        try progress(gallery.faithfulness.count, rows.count)
      }
    }
  }

  /// Compares the maps of some faces with those of ever more random networks.
  mutating func checkRandomisation(split: Split) throws {
    let check = try RandomisationCheck(model, seed: options.seed)
    let questions = try questions(split: split, count: model.card.classes.count)
    gallery.randomised = check.steps
    gallery.randomisation = try withProgress("Randomising", unit: "maps", console: console) {
      try check.results(methods, questions, in: probe, progress: $0)
    }
  }

  // MARK: Pieces

  /// All methods' explanations, [method][face], and the seconds that each method took.
  private func explain(_ questions: [Question], title: String) throws -> (
    explanations: [[Explanation]], seconds: [String: Double]
  ) {
    try withProgress(title, unit: "maps", console: console) { progress in
      var results: [[Explanation]] = []
      var seconds: [String: Double] = [:]
      for method in methods {
        var explanations: [Explanation] = []
        let start = ContinuousClock.now
        // A few faces at a time, so that the bar moves.
        for start in stride(from: 0, to: questions.count, by: 8) {
          let part = Array(questions[start..<min(questions.count, start + 8)])
          explanations += try method.explain(part, of: probe)
          try progress(results.count * questions.count + explanations.count, methods.count * questions.count)
        }
        seconds[method.name] = (ContinuousClock.now - start) / .seconds(1)
        results.append(explanations)
      }
      return (results, seconds)
    }
  }

  /// Why the model sees what it sees, for some faces of every class.
  private func questions(split: Split, count: Int) throws -> [Question] {
    let samples = try store.samples().filter { $0.split == split && $0.label != nil }
    let perClass = (count + model.card.classes.count - 1) / model.card.classes.count
    let drawn = model.card.classes.flatMap { label in draw(perClass, from: samples.filter { $0.label == label })
    }
    let (inputs, _) = try inputs(of: Array(drawn.prefix(count)))
    guard !inputs.isEmpty else { throw CLIError.noLabelledSamples(split: split.rawValue) }
    let logits = try probe.logits(of: inputs)
    return zip(inputs, logits).map { input, logits in
      Question(input: input, target: Target(logits.indices.max { logits[$0] < logits[$1] } ?? 0))
    }
  }

  private func draw(_ count: Int, from samples: [Sample]) -> [Sample] {
    var generator = SeededGenerator(seed: options.seed, "explain", samples.first?.label ?? "")
    return Array(samples.shuffled(using: &generator).prefix(count))
  }

  private func inputs(of samples: [Sample]) throws -> (inputs: [[Float]], pictures: [Image]) {
    let size = model.card.size
    var (inputs, pictures): ([[Float]], [Image]) = ([], [])
    try store.forEachImage(of: samples) { _, image in
      inputs.append(model.input(of: image))
      let picture = model.card.channels == 1 ? image.convertedToGray() : image.convertedToRGB()
      pictures.append(picture.resized(height: size, width: size))
    }
    return (inputs, pictures)
  }

  private static func mean(of pictures: [Image]) -> Image {
    var mean = pictures[0]
    for i in mean.pixels.indices {
      mean.pixels[i] = UInt8(pictures.reduce(0) { $0 + Int($1.pixels[i]) } / pictures.count)
    }
    return mean
  }
}
