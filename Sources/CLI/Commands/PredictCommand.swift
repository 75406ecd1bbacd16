import ArgumentParser
import Curation
import Foundation
import Imaging
import Training

/// `fercure predict`: what a model sees in picture files.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Class probabilities of picture files.")

  @Argument(help: "A model that fercure train wrote.", completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(help: "PNG, JPEG or PNM files.", completion: .file())
  var images: [String]

  @Option(help: "The looks at a picture that are averaged: one, flip (and its mirror image) or ten-crop.")
  var views: Views = .flip

  @Flag(help: "Exit with 2 when a picture could not be read.")
  var strict = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let trained = try TrainedModel(contentsOf: URL(fileURLWithPath: model))
    var pictures: [(path: String, image: Image)] = []
    var rejections: [Rejection] = []
    for path in images {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        rejections.append(Rejection(item: path, reason: "\(path) is a folder; name the pictures in it"))
        continue
      }
      do {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        pictures.append((path, try ImageCodecs.decode(bytes).image))
      } catch {
        rejections.append(Rejection(item: path, reason: "\(path): \(ErrorText.of(error))"))
      }
    }
    guard !pictures.isEmpty else {
      common.console.list(rejections)
      throw CLIError.noPictures(images)
    }
    let predictions = try PicturePredictions(pictures, model: trained, views: views)
    try common.print(predictions, text: predictions.text)
    common.console.list(rejections)
    if strict && !rejections.isEmpty { throw Outcome.rejectedInputs }
  }
}

/// The probabilities of several pictures.
struct PicturePredictions: Encodable {
  var classes: [String]
  var predictions: [Entry]

  /// One picture.
  struct Entry: Encodable {
    var path: String
    var label: String
    var probabilities: [String: Double]
  }

  init(_ pictures: [(path: String, image: Image)], model: TrainedModel, views: Views) throws {
    classes = model.card.classes
    let source = PictureFiles(pictures: pictures, classNames: classes)
    let set = try ImageSet(
      source.samples(), from: source, channels: model.card.channels, size: model.card.size)
    let probabilities = try Predictor(model, batch: max(1, min(64, set.count))).predict(set, views: views).probabilities
    predictions = pictures.enumerated().map { [classes] row, picture in
      let values = probabilities[(row * classes.count)..<((row + 1) * classes.count)].map { Double($0) }
      let best = values.indices.max { values[$0] < values[$1] } ?? 0
      return Entry(
        path: picture.path, label: classes[best], probabilities: Dictionary(uniqueKeysWithValues: zip(classes, values)))
    }
  }

  var text: String {
    var table = TextTable(header: ["picture", "label"] + classes)
    table.rows = predictions.map { entry in
      [entry.path, entry.label] + classes.map { Numbers.percent(entry.probabilities[$0] ?? 0) }
    }
    return table.text
  }
}

/// Pictures that are in no dataset, as a source of samples.
private struct PictureFiles: SampleSource {
  let pictures: [(path: String, image: Image)]
  let classNames: [String]

  func classes() throws -> [String] { classNames }

  func samples() throws -> [Sample] {
    pictures.enumerated().map { index, picture in
      Sample(
        id: Int64(index), key: picture.path, split: .test, label: nil, width: picture.image.width,
        height: picture.image.height, channels: picture.image.channels, encoding: .link, pixelHash: "", source: 0)
    }
  }

  func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    for sample in samples { try body(sample, pictures[Int(sample.id)].image) }
  }
}
