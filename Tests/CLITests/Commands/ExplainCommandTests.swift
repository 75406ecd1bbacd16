import Foundation
import NeuralNet
import Testing
import Training

@Suite struct ExplainCommandTests {
  /// A workspace with a drawn dataset and an untrained model of its classes.
  private func workspace(classes: [String]? = nil) throws -> Workspace {
    let workspace = try Workspace()
    _ = try workspace.fercure("samples", "--into", "faces", "--count", "160", "--quiet")
    _ = try workspace.fercure("ingest", "faces/faces.csv", "--into", "faces.fercure", "--quiet")
    let names = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    let card = TrainedModel.Card(
      model: "resnet10-mini", classes: classes ?? names, size: 48, channels: 1, activation: .relu,
      hasImportance: false, mean: 0.5, deviation: 0.25, epoch: 1, version: "0")
    let tensors = try TrainedModel(card: card, tensors: []).untrainedTensors(seed: 1)
    try TrainedModel(card: card, tensors: tensors).write(to: workspace.folder.appending(path: "m.safetensors"))
    return workspace
  }

  @Test func `faces of every class are explained in one command`() throws {
    let workspace = try workspace()
    let run = try workspace.fercure(
      "explain", "m.safetensors", "faces.fercure", "--to", "out", "--split", "train", "--samples", "20", "--segments",
      "9", "--mean", "2", "--faithfulness", "3", "--randomise", "--method",
      "saliency,grad-cam,lime,activations,gradient-ascent", "--json", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    let report = try run.json()
    #expect(report["methods"] as? [String] == ["saliency", "grad-cam", "lime"])
    let faces = try #require(report["faces"] as? [[String: Any]])
    #expect(Set(faces.compactMap { $0["label"] as? String }).count == 7)
    #expect(Set(faces.compactMap { $0["reason"] as? String }).isSubset(of: ["right", "wrong"]))
    for face in faces where face["reason"] as? String == "wrong" {
      #expect((face["question"] as? String)?.hasSuffix("rather than \(face["label"] as? String ?? "")?") == true)
    }
    #expect((report["meanMaps"] as? [Any])?.count == 14)
    #expect((report["faithfulness"] as? [[String: Any]])?.compactMap { $0["method"] as? String }.last == "centre")
    #expect((report["randomisation"] as? [String: Any])?["steps"] as? [String] != nil)
    for path in ["index.html", "sheets/all.png", "sheets/sad.png", "channels/classes.png", "mean/maps.png"] {
      #expect(workspace.has("out/\(path)"), "\(path)")
    }
  }

  @Test func `samples are explained by name, and why not as another class`() throws {
    let workspace = try workspace()
    let run = try workspace.fercure(
      "explain", "m.safetensors", "faces.fercure", "--to", "out", "--sample", "row-0000003", "row-0000005", "--target",
      "sad", "--against", "happy", "--method", "saliency,saliency", "--json", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    let faces = try #require(try run.json()["faces"] as? [[String: Any]])
    #expect(faces.compactMap { $0["key"] as? String } == ["row-0000003", "row-0000005"])
    #expect(faces.allSatisfy { $0["question"] as? String == "why sad rather than happy?" })
    #expect(workspace.has("out/faces/row-0000003/saliency.npy"))
    #expect(!workspace.has("out/mean"))
  }

  @Test func `what is not there is an error that lists what is`() throws {
    let workspace = try workspace()
    func error(_ options: String...) throws -> String? {
      let arguments = ["explain", "m.safetensors", "faces.fercure", "--to", "out", "--quiet"] + options
      let run = try workspace.start(arguments).wait()
      #expect(run.status == 1)
      return run.errorLine
    }
    #expect(
      try error("--method", "gradcam")?.hasPrefix("no explainer is called gradcam; there are saliency, ") == true)
    #expect(
      try error("--layer", "layer9")?
        .hasPrefix("the network has no layer layer9 with maps; there are conv1, bn1, layer1.0.conv1, ") == true)
    #expect(try error("--target", "bored")?.hasPrefix("there is no class 'bored'; choose from angry, ") == true)
    #expect(try error("--sample", "row-9999999")?.contains("row-9999999") == true)
    #expect(!workspace.has("out"))
    let both = try workspace.fercure(
      "explain", "m.safetensors", "faces.fercure", "--to", "out", "--per-class", "1", "--sample", "row-0000003")
    #expect(both.status == 64)
    for options in [["--target", "sad", "--against", "sad"], ["--method", "occlusion", "--mean", "4"]] {
      let arguments = ["explain", "m.safetensors", "faces.fercure", "--to", "out"] + options
      #expect(try workspace.start(arguments).wait().status == 64, "\(options)")
    }
  }

  @Test func `a model of other classes is refused`() throws {
    let run = try workspace(classes: ["cat", "dog"]).fercure("explain", "m.safetensors", "faces.fercure", "--to", "out")
    #expect(run.errorLine?.hasPrefix("the model knows the classes cat, dog, the dataset has ") == true)
  }
}
