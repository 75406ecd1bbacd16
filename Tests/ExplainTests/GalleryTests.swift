import Foundation
import Imaging
import NeuralNet
import TestSupport
import Testing
import Training

@testable import Explain

@Suite struct GalleryTests {
  private func model(_ architecture: String, size: Int, channels: Int) throws -> TrainedModel {
    let card = TrainedModel.Card(
      model: architecture, classes: ["sad", "<b>happy"], size: size, channels: channels, activation: .relu,
      hasImportance: false, mean: 0.5, deviation: 0.25, epoch: 1, version: "0")
    let untrained = TrainedModel(card: card, tensors: [])
    return TrainedModel(card: card, tensors: try untrained.untrainedTensors(seed: 3))
  }

  @Test(arguments: Architecture.all.map(\.name))
  func `every architecture is explained by a gradient and by its maps`(_ name: String) throws {
    let model = try model(name, size: 48, channels: 1)
    let probe = try Probe(model, batch: 4)
    let question = Question(input: model.input(of: TestImages.face(seed: 1)), target: Target(1, rather: 0))
    for method in [Saliency() as any Explainer, GradCAM()] {
      let map = try method.explain([question], of: probe)[0].map
      #expect(map.height == 48 && map.width == 48)
      #expect(map.values.allSatisfy { $0.isFinite })
    }
    #expect(!probe.blocks.isEmpty)
    #expect(!probe.stageConvolutions.isEmpty && probe.stageConvolutions.count <= 4)
    #expect(try Activations(of: question.input, in: probe).blocks.count == probe.blocks.count)
  }

  @Test func `a residual network's blocks and stages are those that a reader expects`() throws {
    let probe = try Probe(model("resnet18", size: 48, channels: 1), batch: 1)
    #expect(
      probe.blocks.map(\.name) == ["bn1"] + (1...4).flatMap { ["layer\($0).0", "layer\($0).1"] })
    #expect(probe.stageConvolutions.map(\.name) == (1...4).map { "layer\($0).0.conv1" })
  }

  @Test func `a suggestion's map turns its signs when its labels are exchanged`() throws {
    let model = try model("resnet10-mini", size: 24, channels: 1)
    let maps = SuggestionMaps(model, probe: try Probe(model))
    let picture = TestImages.face(seed: 4)
    let there = try maps.map(of: picture, to: "sad", rather: "<b>happy")
    let back = try maps.map(of: picture, to: "<b>happy", rather: "sad")
    #expect(there.isSigned && there.values.contains { $0 != 0 })
    #expect(distance(there.values, back.values.map { -$0 }) < 1e-5)
    #expect(try maps.overlay(of: picture, to: "sad", rather: "<b>happy").height == 144)
    #expect(throws: ExplainError.unknownClass("bored", known: ["sad", "<b>happy"])) {
      try maps.map(of: picture, to: "bored", rather: "sad")
    }
  }

  @Test(arguments: [(48, 1), (128, 3)])
  func `a gallery of gray or colour faces is written whole`(_ size: Int, _ channels: Int) throws {
    let model = try model("resnet10-mini", size: size, channels: channels)
    let probe = try Probe(model, batch: 16)
    let methods = Explainers.all(ExplainOptions(samples: 20, segments: 9)).filter { $0.name != "integrated-gradients" }
    var gallery = Gallery(
      model: "m.safetensors", dataset: "d.fercure", classes: model.card.classes, layer: "layer4",
      methods: methods.map { ($0.name, $0.summary) }, inputShape: probe.inputShape)
    let picture = TestImages.face(seed: 2, height: size, width: size, channels: channels)
    let question = Question(input: model.input(of: picture), target: Target(1))
    let explanations = try methods.map { try $0.explain([question], of: probe)[0] }
    gallery.faces = [
      Gallery.Face(
        key: "../a/b.png", label: "<b>happy\u{600}<i>", reason: "right", predicted: "sad", confidence: 0.7,
        question: "why?", picture: picture, explanations: explanations,
        activations: try Activations(of: question.input, in: probe)),
      // Other keys and labels that come to the same names of files.
      Gallery.Face(
        key: "../a_b.png", label: "all", reason: "right", predicted: "sad", confidence: 0.7, question: "why?",
        picture: picture, explanations: explanations, activations: nil),
      Gallery.Face(
        key: String(repeating: "long/", count: 80), label: "all", reason: "right", predicted: "sad", confidence: 0.7,
        question: "why?", picture: picture, explanations: explanations, activations: nil),
    ]
    gallery.classes.append("all")
    gallery.summits = try GradientAscent(steps: 2).climb([.channel(0, layer: "conv1"), .label(1)], in: probe)
    gallery.meanMaps = [
      Gallery.MeanMap(label: "sad", method: "saliency", count: 1, picture: picture, map: explanations[0].map)
    ]
    try withTemporaryDirectory { folder in
      let paths = try gallery.write(to: folder)
      #expect(paths.contains("faces/_._a_b.png/lime.npy"))
      #expect(paths.contains("faces/_._a_b.png-2/lime.npy") && paths.contains("sheets/all-2.png"))
      #expect(Set(paths).count == paths.count)
      #expect(paths.contains("channels/classes.png") && paths.contains("mean/maps.png"))
      for path in paths {
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: path)))
        if path.hasSuffix(".png") { #expect(try ImageCodecs.decode(bytes).image.height > 0) }
      }
      let page = try String(contentsOf: folder.appending(path: "index.html"), encoding: .utf8)
      #expect(page.contains("&lt;b&gt;happy") && !page.contains("<b>happy"))
      // A bracket behind a prepended mark is part of another character, and a bracket all the same.
      #expect(page.range(of: "<i>", options: .literal) == nil)
      #expect(!page.contains("src=\"http") && page.contains("data:image/png;base64,"))
    }
  }
}
