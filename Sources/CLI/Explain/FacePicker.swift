import Curation
import Explain
import Imaging
import Training

/// A face that is to be explained.
struct PickedFace {
  /// The sample.
  let sample: Sample
  /// Why it was picked.
  let reason: String
  /// What is asked about it; nil asks about the class that the model sees.
  let target: Target?
}

/// Chooses the faces that are explained, and what is asked about them.
struct FacePicker {
  let store: DatasetStore
  let classes: [String]
  /// The class that is asked about, whatever the model sees.
  let target: Int?
  /// The class that it is held against.
  let rival: Int?

  /// The question that the options put to every face; nil where the model's own answer is needed for it.
  private var question: Target? { target.map { Target($0, rather: rival == $0 ? nil : rival) } }

  /// The faces of these keys.
  func faces(keys: [String]) throws -> [PickedFace] {
    try keys.map { PickedFace(sample: try store.sample(key: $0), reason: "asked for", target: question) }
  }

  /// From each class the faces that the model is surest of, rightly and wrongly.
  func faces(of samples: [Sample], probabilities: [Float], perClass: Int) -> [PickedFace] {
    let answers = samples.indices.map { row in
      let values = probabilities[(row * classes.count)..<((row + 1) * classes.count)]
      let best = values.indices.max { values[$0] < values[$1] } ?? values.startIndex
      return (label: best - values.startIndex, confidence: values[best])
    }
    return classes.flatMap { name -> [PickedFace] in
      let own = samples.indices.filter { samples[$0].label == name }
        .sorted {
          answers[$0].confidence != answers[$1].confidence ? answers[$0].confidence > answers[$1].confidence : $0 < $1
        }
      let right = own.filter { classes[answers[$0].label] == name }.prefix(perClass)
      let wrong = own.filter { classes[answers[$0].label] != name }.prefix(perClass)
      let label = classes.firstIndex(of: name)
      return right.map { PickedFace(sample: samples[$0], reason: "right", target: question) }
        // Why what it sees, and not what the label says?
        + wrong.map {
          PickedFace(
            sample: samples[$0], reason: "wrong",
            target: question ?? (rival == nil ? Target(answers[$0].label, rather: label) : nil))
        }
    }
  }

  /// From each class faces whose label was changed, or is suggested to be, asked why the new one and not the old one.
  func relabelledFaces(perClass: Int) throws -> [PickedFace] {
    let samples = try store.samples()
    let first = try store.firstLabels()
    var changes: [Int64: (from: String, to: String, confidence: Double)] = [:]
    for sample in samples {
      if let from = first[sample.id], let to = sample.label, from != to { changes[sample.id] = (from, to, 1) }
    }
    for suggestion in try store.suggestions(state: .open) {
      if let to = suggestion.to, changes[suggestion.sample] == nil {
        changes[suggestion.sample] = (suggestion.from, to, suggestion.confidence)
      }
    }
    return classes.flatMap { name -> [PickedFace] in
      let own = samples.compactMap { sample in
        sample.label == name ? changes[sample.id].map { (sample: sample, change: $0) } : nil
      }.sorted { ($0.change.confidence, -$0.sample.id) > ($1.change.confidence, -$1.sample.id) }
      return own.prefix(perClass).compactMap { sample, change in
        guard let to = classes.firstIndex(of: change.to) else { return nil }
        return PickedFace(
          sample: sample, reason: "relabelled",
          target: question ?? Target(to, rather: classes.firstIndex(of: change.from)))
      }
    }
  }

  /// The question about a face, now that the model's answer is known.
  func target(of face: PickedFace, predicted: Int) -> Target {
    face.target ?? Target(predicted, rather: rival == predicted ? nil : rival)
  }
}
