import Curation
import Explain
import Imaging
import NeuralNet
import Reports
import Training

extension ReportContent.Explanation {
  /// Where a network looks: the faces of the test split that it is surest of, rightly and wrongly, relabelled ones, and the means of
  /// each class; nil when the split has no labels, or the network no maps.
  init?(_ model: TrainedModel, name: String, of store: DatasetStore, console: Console) throws {
    guard try store.samples().contains(where: { $0.split == .test && $0.label != nil }) else { return nil }
    var run: ExplainRun
    do {
      run = try ExplainRun(
        model: model, modelName: name, store: store, datasetName: "", methods: Self.methods, options: ExplainOptions(),
        precision: .auto, console: console)
    } catch ExplainError.noMaps {
      return nil
    }
    let picker = FacePicker(store: store, classes: model.card.classes, target: nil, rival: nil)
    try run.explainPicked(picker, split: .test, perClass: 1)
    try run.average(split: .test, perClass: 32)
    self.init(model: name, tables: [Self.faces(run.gallery), Self.means(run.gallery)])
  }

  /// Those that are quick and that faithfulness speaks for, and one whose means over a class say something.
  private static let methods = ["integrated-gradients", "occlusion", "grad-cam"]

  private static func faces(_ gallery: Gallery) -> ReportContent.MapTable {
    ReportContent.MapTable(
      caption:
        "From each class the test faces that the network is surest of, rightly and wrongly, and faces that were relabelled",
      columns: ["face"] + gallery.methods.map(\.name),
      rows: gallery.faces.map { face in
        ReportContent.MapTable.Row(
          label: face.label,
          details: [face.reason, "sees \(face.predicted), \(face.surety)", face.question],
          pictures: [ReportContent.Face(image: face.picture, key: face.key, label: face.label)]
            + zip(gallery.methods, face.explanations).map { method, explanation in
              ReportContent.Face(
                image: explanation.map.overlay(on: face.picture), key: face.key, label: face.label, detail: method.name)
            })
      })
  }

  private static func means(_ gallery: Gallery) -> ReportContent.MapTable {
    let names = gallery.meanMethods
    return ReportContent.MapTable(
      caption: "Means of each class over its test faces",
      columns: ["mean face"] + names,
      rows: gallery.classes.compactMap { label in
        let found = gallery.meanMaps.filter { $0.label == label }
        guard let first = found.first else { return nil }
        let place = first.shares.max { $0.density < $1.density }
        return ReportContent.MapTable.Row(
          label: label,
          details: ["\(first.count) faces"] + (place.map { ["most on: \($0.region)"] } ?? []),
          pictures: [ReportContent.Face(image: first.picture, key: "mean", label: label)]
            + names.map { name in
              found.first { $0.method == name }.map {
                ReportContent.Face(
                  image: $0.map.overlay(on: first.picture), key: "mean", label: label, detail: name)
              }
            })
      })
  }
}
