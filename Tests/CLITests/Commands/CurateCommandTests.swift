import Foundation
import Testing

/// The main job and the commands around networks, on a handful of drawn faces and one epoch.
@Suite(.serialized) struct CurateCommandTests {
  private let recipe = """
    audit:
      folds: 2
      minimumConfidence: 0
      train: {model: resnet10-mini, size: 24, epochs: 2, batchSize: 16}
    resolve: {acceptAbove: 0.2, rules: [drop-blank, drop-leaks]}
    rebalance: {samplingStrategy: median}
    train: {model: resnet10-mini, size: 24, epochs: 1, batchSize: 16}
    """

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    #expect(try workspace.fercure("samples", "--into", "faces", "--count", "160", "--quiet").status == 0)
    try workspace.write(recipe, to: "tiny.yaml")
    return workspace
  }

  private let command = [
    "curate", "faces/faces.csv", "--truth", "faces/truth.csv", "--recipe", "tiny.yaml", "--into", "out",
  ]

  @Test(arguments: ["rules: [drop-blnk]", "samplingStrategy: medium", "export: [png]", "auditor: magic"])
  func `what a later step would refuse is refused before the work begins`(value: String) throws {
    let workspace = try workspace()
    let section = ["rules": "resolve", "samplingStrategy": "rebalance", "auditor": "audit"][
      String(value.prefix { $0 != ":" })]
    try workspace.write(section.map { "\($0): {\(value)}" } ?? value, to: "tiny.yaml")
    let run = try workspace.start(command).wait()
    #expect(run.status == 1 && run.errorLine != nil, "\(run.errors)")
    #expect(!workspace.has("out"))
  }

  @Test func `curate writes all it promises, and says so again when asked again`() throws {
    let workspace = try workspace()
    try workspace.write(workspace.text(of: "faces/faces.csv") + "0,1 2 3,Training\n", to: "faces/faces.csv")
    let run = try workspace.start(command + ["--json"]).wait()
    #expect(run.status == 0, "\(run.errors)")
    for file in [
      "raw.fercure", "curated.fercure", "model.safetensors", "model-raw.safetensors", "report.html", "summary.json",
      "exports/fer-csv", "exports/image-folder",
    ] {
      #expect(workspace.has("out/\(file)"), "\(file)")
    }
    let summary = try run.json()
    let evaluations = try #require(summary["evaluations"] as? [[String: Any]])
    #expect(Set(evaluations.compactMap { $0["trainedOn"] as? String }) == ["raw", "curated"])
    let raw = try #require(summary["raw"] as? [String: Any])
    #expect(raw["samples"] as? Int == 160)
    let curated = try #require(summary["curated"] as? [String: Any])
    let splits = try #require(curated["splits"] as? [String: [String: Any]])
    let before = try #require(raw["splits"] as? [String: [String: Any]])
    #expect(splits["test"]?["total"] as? Int == before["test"]?["total"] as? Int, "test is never changed")
    let suggestions = try #require(summary["suggestions"] as? [String: Any])
    #expect((suggestions["quality"] as? [[String: Any]])?.count == 5)
    #expect(suggestions["reference"] as? String == "truth.csv")
    let report = try workspace.text(of: "out/report.html")
    #expect(report.contains("<svg") && !report.contains("http:") && !report.contains("<script"))
    #expect(report.contains("id=\"explanation\"") && report.contains("<th scope=\"col\">occlusion</th>"))

    let again = try workspace.start(command + ["--json"]).wait()
    #expect(again.status == 0)
    #expect(again.output == run.output)
    #expect(again.errors.contains("out holds this run, finished"))
    #expect(again.warnings.isEmpty)
    try workspace.write(workspace.text(of: "faces/truth.csv"), to: "faces/truth.csv")
    let changed = try workspace.start(command + ["--json"]).wait()
    #expect(changed.warnings.map { $0.hasPrefix("faces/truth.csv was changed after the run in out began") } == [true])

    // The report's own command is the same one, with the recipe that the run wrote down.
    let written = try workspace.start(
      [
        "curate", "faces/faces.csv", "--truth", "faces/truth.csv", "--recipe", "out/run.yaml", "--into", "out",
        "--json",
      ]
    ).wait()
    #expect(written.output == run.output)
    #expect(
      report.contains("fercure curate faces/faces.csv --truth faces/truth.csv --recipe out/run.yaml --into out"))

    let strict = try workspace.start(command + ["--strict"]).wait()
    #expect(strict.status == 2, "a row was rejected, however long ago")

    let other = try workspace.start(command + ["--seed", "8"]).wait()
    #expect(other.status == 1)
    #expect(
      other.errorLine
        == "out holds a run with another recipe or other sources; name another folder with --into, or remove it")
  }

  @Test func `the report names the networks that a small dataset was audited by`() throws {
    let workspace = try workspace()
    try workspace.write(
      """
      audit:
        folds: 2
        averagedEpochs: 1
        foldModel: vgg-micro
        fewestSteps: 260
        smallModel: vgg-micro
        train: {size: 24, batchSize: 16}
      train: {model: vgg-micro, size: 24, epochs: 1, batchSize: 16}
      """, to: "tiny.yaml")
    let run = try workspace.start(command).wait()
    #expect(run.status == 0)
    #expect(run.errors.contains("vgg-micro, for resnet18-half would learn so few by heart; a dropout of 0.4"))
    let report = try workspace.text(of: "out/report.html")
    #expect(report.ranges(of: "all samples").contains { report[$0.upperBound...].prefix(120).contains("vgg-micro") })
  }

  @Test func `a stopped curate goes on and ends like one that was not stopped`() throws {
    let workspace = try workspace()
    let whole = try workspace.start(
      command.map { $0 == "out" ? "whole" : $0 } + ["--json"]
    ).wait()
    #expect(whole.status == 0, "\(whole.errors)")

    let running = try workspace.start(command)
    let state = workspace.folder.appending(path: "out/work/audit/fold-0.safetensors").path
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: state) { Thread.sleep(forTimeInterval: 0.05) }
    running.process.interrupt()
    let stopped = try running.wait()
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.errorLine == "stopped: what was finished stays, and the same command goes on from there")

    let resumed = try workspace.start(command + ["--json"]).wait()
    #expect(resumed.status == 0, "\(resumed.errors)")
    for key in ["evaluations", "suggestions"] {
      let a = try JSONSerialization.data(withJSONObject: try #require(whole.json()[key]), options: .sortedKeys)
      let b = try JSONSerialization.data(withJSONObject: try #require(resumed.json()[key]), options: .sortedKeys)
      #expect(a == b, "\(key)")
    }
    #expect(
      try workspace.text(of: "whole/exports/fer-csv/fer.csv").count
        == workspace.text(of: "out/exports/fer-csv/fer.csv").count)
  }

  @Test func `audit, train, evaluate and predict work on their own`() throws {
    let workspace = try workspace()
    #expect(try workspace.fercure("ingest", "faces/faces.csv", "--into", "faces.fercure", "--quiet").status == 0)
    let audit = try workspace.fercure(
      "audit", "faces.fercure", "--recipe", "tiny.yaml", "--folds", "3", "--epochs", "1", "--json", "--quiet")
    #expect(audit.status == 0, "\(audit.errors)")
    #expect(try audit.json()["audited"] as? Int == 160)
    let scores = try workspace.fercure("scores", "faces.fercure", "--format", "csv")
    #expect(scores.output.hasPrefix("key,split,label,quality"))
    #expect(scores.output.split(separator: "\n").count == 161)
    let suggestions = try workspace.fercure("suggestions", "faces.fercure", "--format", "csv")
    #expect(suggestions.output.hasPrefix("key,split,from,to,verdict,confidence"))

    let train = try workspace.fercure(
      "train", "faces.fercure", "--recipe", "tiny.yaml", "--to", "model.safetensors", "--json", "--quiet")
    #expect(train.status == 0, "\(train.errors)")
    let evaluation = try workspace.fercure("evaluate", "model.safetensors", "faces.fercure", "--json", "--quiet").json()
    #expect(evaluation["samples"] as? Int == 16)
    for key in ["accuracy", "macroF1", "loss", "classes", "confusion"] { #expect(evaluation[key] != nil, "\(key)") }

    try workspace.write(TestFiles.png(1), to: "face.png")
    try workspace.write("not a picture", to: "text.jpg")
    let predictions = try workspace.fercure("predict", "model.safetensors", "face.png", "text.jpg", "--json")
    #expect(predictions.status == 0)
    #expect((try predictions.json()["predictions"] as? [[String: Any]])?.count == 1)
    #expect(predictions.errors.contains("text.jpg"))
    #expect(try workspace.fercure("predict", "model.safetensors", "face.png", "text.jpg", "--strict").status == 2)
    let folder = try workspace.fercure("predict", "model.safetensors", "face.png", "faces")
    #expect(folder.status == 0)
    #expect(folder.warnings.contains { $0.contains("faces is a folder; name the pictures in it") })
    let nothing = try workspace.fercure("predict", "model.safetensors", "text.jpg", "none.png", "--json")
    #expect(nothing.status == 1 && nothing.output.isEmpty && nothing.warnings.count == 2)
    #expect(
      nothing.errorLine == "nothing was predicted: no picture could be read from 2 files; name PNG, JPEG or PNM files")
  }

  @Test func `bad requests are errors that say what to do`() throws {
    let workspace = try workspace()
    let missing = try workspace.fercure("evaluate", "none.safetensors", "faces.fercure")
    #expect(missing.status == 1)
    #expect(missing.errorLine?.hasSuffix("none.safetensors: cannot be read") == true)
    try workspace.write("audit: {fold: 2}", to: "wrong.yaml")
    let recipe = try workspace.fercure("curate", "faces/faces.csv", "--recipe", "wrong.yaml", "--into", "out")
    #expect(recipe.status == 1)
    #expect(recipe.errorLine?.hasPrefix("the recipe has no key audit.fold; there are ") == true)
    let model = try workspace.fercure("curate", "faces/faces.csv", "--model", "alexnet", "--into", "out")
    #expect(model.errorLine?.hasPrefix("recipe value train.model: no model is called alexnet; there are ") == true)
    #expect(!workspace.has("out"), "nothing was made")
    let target = try workspace.fercure("curate", "faces/faces.csv", "--into", "wrong.yaml/out")
    #expect(target.status == 1)
    #expect(target.errorLine?.hasPrefix("wrong.yaml/out: cannot be written to") == true)
    try workspace.write("id,label\n1,angry\n", to: "truth.csv")
    #expect(try workspace.fercure("ingest", "faces/faces.csv", "--into", "faces.fercure", "--quiet").status == 0)
    #expect(
      try workspace.fercure("train", "faces.fercure", "--batch", "1", "--to", "m").errorLine?
        .hasPrefix("recipe value train.batchSize: at least 2") == true)
  }

  @Test func `benchmark prints what comparisons read`() throws {
    let workspace = try Workspace()
    for mode in ["training", "inference"] {
      let run = try workspace.fercure(
        "benchmark", mode, "--model", "resnet10-mini", "--size", "24", "--batch", "4", "--steps", "2", "--warmup", "1",
        "--precision", "float32", "--json")
      let result = try run.json()
      #expect((result["imagesPerSecond"] as? Double ?? 0) > 0, "\(run.errors)")
      #expect(result["stepsMeasured"] as? Int == 2)
      #expect(result["precision"] as? String == "float32")
      #expect((result["peakMemoryBytes"] as? Int ?? 0) > 1_000_000)
    }
  }
}
