import Foundation
import Testing

/// `fercure train` as a user meets it: killed, resumed, asked for what there is not.
@Suite(.serialized) struct TrainCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    #expect(try workspace.fercure("samples", "--into", "faces", "--count", "160", "--quiet").status == 0)
    #expect(try workspace.fercure("ingest", "faces/faces.csv", "--into", "faces.fercure", "--quiet").status == 0)
    return workspace
  }

  private func train(_ model: String, _ arguments: [String]) -> [String] {
    [
      "train", "faces.fercure", "--model", "resnet10-mini", "--size", "24", "--batch", "16", "--to", model, "--quiet",
    ] + arguments
  }

  private func model(_ name: String, of workspace: Workspace) throws -> Data {
    try Data(contentsOf: workspace.folder.appending(path: name))
  }

  @Test(arguments: [
    ["--optimizer", "sam", "--base-optimizer", "adamw", "--average-decay", "0.9", "--schedule", "plateau"],
    ["--optimizer", "asam", "--self-cure", "--warmup", "1", "--label-smoothing", "0.1", "--early-learning", "3"],
    ["--optimizer", "adam", "--mix-up", "0.3", "--schedule", "one-cycle", "--class-weights", "inverse"],
  ])
  func `a training ended by kill -9, twice, has the same model when the same command is given again`(
    _ arguments: [String]
  ) throws {
    let workspace = try workspace()
    // Long enough for the kill to come before the end where other tests leave this one little time.
    let arguments = arguments + ["--epochs", "48"]
    let whole = try workspace.start(train("whole.safetensors", arguments)).wait()
    #expect(whole.status == 0, "\(whole.errors)")

    for seconds in [0.02, 0.1] {
      let killed = try workspace.killed(
        train("killed.safetensors", arguments), afterWriting: "killed.safetensors.training", seconds: seconds)
      #expect(killed.status == 128 + SIGKILL)
      #expect(!workspace.has("killed.safetensors"), "the kill came before the end")
    }
    let resumed = try workspace.start(train("killed.safetensors", arguments + ["--resume"])).wait()
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try model("killed.safetensors", of: workspace) == model("whole.safetensors", of: workspace))

    // Finished is finished; another recipe is refused with --resume and begins anew without.
    #expect(try workspace.start(train("killed.safetensors", arguments)).wait().status == 0)
    #expect(try model("killed.safetensors", of: workspace) == model("whole.safetensors", of: workspace))
    let other = try workspace.start(train("killed.safetensors", arguments + ["--seed", "8", "--resume"])).wait()
    #expect(
      other.errorLine?.contains("was written with another recipe, or from other pictures or labels; choose another")
        == true)
    #expect(try workspace.start(train("killed.safetensors", arguments + ["--seed", "8"])).wait().status == 0)
    #expect(try model("killed.safetensors", of: workspace) != model("whole.safetensors", of: workspace))
  }

  @Test func `a training starts from other weights, and a report shows how a model learned`() throws {
    let workspace = try workspace()
    #expect(try workspace.start(train("first.safetensors", ["--epochs", "2"])).wait().status == 0)
    let second = try workspace.start(
      [
        "train", "faces.fercure", "--model", "resnet10-mini", "--size", "24", "--batch", "16", "--epochs", "1", "--to",
        "second.safetensors", "--self-cure", "--start-from", "first.safetensors",
      ]
    ).wait()
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("is not in the file and starts by chance"), "SCN's head is new: \(second.errors)")
    let foreign = try workspace.start(
      [
        "train", "faces.fercure", "--model", "vgg-micro", "--size", "24", "--batch", "16", "--epochs", "1", "--to",
        "v.safetensors", "--quiet", "--start-from", "first.safetensors",
      ]
    ).wait()
    #expect(foreign.errorLine?.hasSuffix("is it of another architecture?") == true, "\(foreign.errors)")
    let report = try workspace.fercure(
      "report", "faces.fercure", "--to", "r.html", "--model", "first.safetensors", "--undated", "--quiet")
    #expect(report.status == 0, "\(report.errors)")
    let page = try String(contentsOf: workspace.folder.appending(path: "r.html"), encoding: .utf8)
    #expect(page.contains("Learning rate") && page.contains("first is right on"))
  }

  @Test func `unknown names list the known ones, and what does not fit together says so`() throws {
    let workspace = try workspace()
    func error(_ arguments: String...) throws -> String? {
      try workspace.start(train("m.safetensors", arguments)).wait().errorLine
    }
    #expect(
      try error("--optimizer", "lion")
        == "recipe value train.optimizer: no optimizer is called lion; there are sgd, nesterov, adam, adamw, sam, asam")
    #expect(
      try error("--schedule", "linear")
        == "recipe value train.schedule: no schedule is called linear; there are constant, step, cosine, one-cycle, plateau"
    )
    #expect(
      try error("--self-cure", "--mix-up", "0.2")
        == "recipe value train.mixUp: a self-cure network judges pictures one by one, not mixed")
    #expect(
      try error("--early-learning", "3", "--mix-up", "0.2")
        == "recipe value train.earlyLearning: remembers pictures one by one, not mixed: mixUp must be 0")
    #expect(try workspace.start(train("m", ["--resume", "--restart"])).wait().status == 64)
    for (kind, name) in [("optimizers", "asam"), ("schedules", "one-cycle"), ("losses", "nll")] {
      #expect(try workspace.fercure("list", kind).output.contains("\(name)  "), "\(kind)")
    }
  }

  @Test func `votes become targets, training stops early, and looks are averaged`() throws {
    let workspace = try workspace()
    #expect(
      try workspace.fercure("samples", "--into", "voted", "--count", "160", "--votes", "--quiet").status == 0)
    #expect(
      try workspace.fercure(
        "ingest", "voted/faces.csv", "--votes", "voted/votes.csv", "--into", "voted.fercure", "--quiet"
      ).status == 0)
    func losses(_ flags: String...) throws -> [Double] {
      let arguments = [
        "train", "voted.fercure", "--model", "resnet10-mini", "--size", "24", "--batch", "16", "--epochs", "2", "--to",
        "v.safetensors", "--json", "--quiet",
      ]
      let run = try workspace.start(arguments + flags).wait()
      #expect(run.status == 0, "\(run.errors)")
      return (try run.json()["epochs"] as? [[String: Any]] ?? []).compactMap { $0["trainLoss"] as? Double }
    }
    #expect(try losses("--votes-as-targets") != losses(), "targets are others")

    let early = try workspace.start(
      train("m.safetensors", ["--epochs", "30", "--patience", "2", "--learning-rate", "0.000001", "--json"])
    ).wait()
    let report = try early.json()
    #expect(report["stoppedEarly"] as? Bool == true, "\(early.errors)")
    #expect((report["epochs"] as? [Any])?.count ?? 30 < 30)

    var accuracies: [Double] = []
    for views in ["one", "flip", "ten-crop"] {
      let run = try workspace.fercure(
        "evaluate", "m.safetensors", "faces.fercure", "--split", "train", "--views", views, "--json", "--quiet")
      accuracies.append(try #require(run.json()["loss"] as? Double))
    }
    #expect(Set(accuracies).count == 3, "the looks differ")
  }

  @Test func `benchmark compares steps of any optimizer with plain ones`() throws {
    let workspace = try Workspace()
    let run = try workspace.fercure(
      "benchmark", "training", "--model", "resnet10-mini", "--size", "24", "--batch", "8", "--steps", "9", "--warmup",
      "2", "--optimizer", "sam", "--self-cure", "--against-plain", "--json")
    let ratio = try #require(run.json()["ratioToPlain"] as? Double, "\(run.errors)")
    #expect(ratio > 0 && ratio.isFinite)
    let unknown = try workspace.fercure("benchmark", "training", "--optimizer", "lion")
    #expect(unknown.errorLine?.hasPrefix("no optimizer is called lion; there are sgd, ") == true)
  }
}
