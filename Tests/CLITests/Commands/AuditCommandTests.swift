import Curation
import Foundation
import Testing
import Training

@testable import Auditing

/// Audits of a handful of drawn faces.
@Suite(.serialized) struct AuditCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(
      """
      audit:
        folds: 2
        minimumConfidence: 0
        averagedEpochs: 1
        train: {model: resnet10-mini, size: 24, epochs: 2, batchSize: 16}
      """, to: "tiny.yaml")
    #expect(try workspace.fercure("samples", "--into", "faces", "--count", "160", "--quiet").status == 0)
    #expect(try workspace.fercure("ingest", "faces/faces.csv", "--into", "d.fercure", "--quiet").status == 0)
    return workspace
  }

  private func array(_ workspace: Workspace, _ name: String) throws -> NPY {
    try NPY(contentsOf: workspace.folder.appending(path: name))
  }

  @Test func `evidence goes out as arrays, and probabilities from elsewhere come in`() throws {
    let workspace = try workspace()
    let run = try workspace.fercure(
      "audit", "d.fercure", "--recipe", "tiny.yaml", "--auditor", "consensus,data-map", "--evidence-to", "e", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains(/note: networks learn for only \d+ steps: .* they learn for 3,000/))
    let report = try run.json()
    let audited = try #require(report["audited"] as? Int)
    let probabilities = try array(workspace, "e/pred_probs.npy")
    #expect(probabilities.shape == [audited, 7])
    #expect(try array(workspace, "e/labels.npy").shape == [audited])
    #expect(try array(workspace, "e/embeddings.npy").shape.first == audited)
    #expect(try workspace.text(of: "e/keys.txt").split(separator: "\n").count == audited)
    let splits = try workspace.text(of: "e/splits.txt").split(separator: "\n")
    #expect(splits.count == audited && splits.contains("train"))
    #expect((report["recognition"] as? [[String: Any]])?.map { $0["auditor"] as? String } == ["consensus", "data-map"])
    #expect(!workspace.has("d.fercure.audit"), "the work folder goes when the audit is done")

    let scores = try workspace.fercure("scores", "d.fercure", "--format", "csv").output
    #expect(scores.split(separator: "\n").count == audited + 1)

    let again = try workspace.fercure("audit", "d.fercure", "--pred-probs", "e/pred_probs.npy", "--keys", "e/keys.txt")
    #expect(again.status == 0, "\(again.errors)")
    let needy = try workspace.fercure(
      "audit", "d.fercure", "--pred-probs", "e/pred_probs.npy", "--auditor", "area-under-margin")
    #expect(needy.errorLine?.hasPrefix("area-under-margin needs the logits of each epoch") == true)
    let lost = try workspace.fercure("audit", "d.fercure", "--pred-probs", "e/labels.npy")
    #expect(lost.errorLine?.hasSuffix("expected \(audited) x 7") == true)
  }

  @Test func `an audit that is kept is judged again without training`() throws {
    let workspace = try workspace()
    let first = try workspace.fercure("audit", "d.fercure", "--recipe", "tiny.yaml", "--keep-evidence", "--json")
    #expect(first.status == 0, "\(first.errors)")
    #expect(workspace.has("d.fercure.audit/fold-0-training-2.safetensors"))
    let second = try workspace.fercure("audit", "d.fercure", "--recipe", "tiny.yaml", "--json")
    #expect(!second.errors.contains("epoch 1 of 2"), "\(second.errors)")
    #expect(try first.json()["suggestions"] as? Int == second.json()["suggestions"] as? Int)
    #expect(workspace.has("d.fercure.audit/fold-0-training-2.safetensors"), "what was kept stays")

    let recorded = workspace.folder.appending(path: "d.fercure.audit/fold-0-training-2.safetensors")
    let before = try Data(contentsOf: recorded)
    let other = try workspace.fercure("audit", "d.fercure", "--recipe", "tiny.yaml", "--seed", "8")
    #expect(other.status != 0)
    #expect(other.errorLine?.contains("holds the kept evidence of another audit") == true, "\(other.errors)")
    #expect(try Data(contentsOf: recorded) == before)
    let runs = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path).lastRun(kind: "audit")
    #expect(runs?.finished != nil, "an audit that is refused leaves no run behind")
    try FileManager.default.removeItem(at: workspace.folder.appending(path: "d.fercure.audit"))
    #expect(try workspace.fercure("audit", "d.fercure", "--recipe", "tiny.yaml", "--seed", "8").status == 0)
    #expect(!workspace.has("d.fercure.audit"))
  }

  @Test func `a stopped audit is gone on with by the same recipe only`() throws {
    let workspace = try workspace()
    let path = workspace.folder.appending(path: "d.fercure").path
    func lastRun() throws -> Run? { try DatasetStore.open(at: path).lastRun(kind: "audit") }
    #expect(try workspace.fercure("audit", "d.fercure", "--pred-probs", "missing.npy").status == 1)
    #expect(try lastRun() == nil, "a file that cannot be read begins nothing")

    let stopped = try DatasetStore.open(at: path).beginRun(kind: "audit", recipe: "{}", seed: 1)
    let run = try workspace.fercure("audit", "d.fercure", "--recipe", "tiny.yaml", "--seed", "99", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let last = try #require(try lastRun())
    #expect(last.id > stopped.id && last.seed == 99 && last.recipe.contains("resnet10-mini"))
  }

  @Test func `on a small dataset epochs are raised, told and kept, and a stopped audit goes on with them`() throws {
    let workspace = try workspace()
    let path = workspace.folder.appending(path: "d.fercure").path
    try workspace.write(
      """
      audit: {folds: 2, averagedEpochs: 1, fewestSteps: 260, train: {model: resnet10-mini, size: 24, batchSize: 16}}
      """, to: "open.yaml")
    let first = try workspace.fercure("audit", "d.fercure", "--recipe", "open.yaml", "--keep-evidence")
    #expect(first.status == 0, "\(first.errors)")
    let raised = try #require(
      first.errors.firstMatch(of: /(\d+) epochs in place of 32, so that networks learn for (\d+) steps/))
    let steps = try #require(Int(raised.output.2))
    #expect((260..<270).contains(steps), "\(first.errors)")
    let store = try DatasetStore.open(at: path)
    let run = try #require(try store.lastRun(kind: "audit"))
    #expect(run.recipe.contains("\"epochs\":\(raised.output.1),"))
    // As if the audit had been stopped before it was judged.
    let stopped = try store.beginRun(
      kind: "audit", recipe: JSONDecoder().decode(Recipe.self, from: Data(run.recipe.utf8)), seed: run.seed)
    try store.close()
    let second = try workspace.fercure("audit", "d.fercure", "--recipe", "open.yaml")
    #expect(second.status == 0 && !second.errors.contains("epoch 1 of"), "\(second.errors)")
    #expect(try DatasetStore.open(at: path).lastRun(kind: "audit")?.id == stopped.id)
    try FileManager.default.removeItem(at: workspace.folder.appending(path: "d.fercure.audit"))
    let own = try workspace.fercure("audit", "d.fercure", "--recipe", "open.yaml", "--epochs", "2")
    #expect(own.status == 0 && !own.errors.contains("in place of"), "epochs that are given stay")
  }

  @Test func `a stopped audit of a small dataset that was planned goes on as it was planned`() throws {
    let workspace = try workspace()
    let path = workspace.folder.appending(path: "d.fercure").path
    let text = """
      audit:
        folds: 2
        averagedEpochs: 1
        foldModel: vgg-micro
        fewestSteps: 260
        train: {model: vgg-micro, size: 24, batchSize: 16, schedule: step}
      """
    try workspace.write(text, to: "open.yaml")
    var recipe = try RecipeFile.parse(text, name: "open.yaml")
    (recipe.train, recipe.audit.train) = (try recipe.train.resolved(), try recipe.audit.train.resolved())
    let store = try DatasetStore.open(at: path)
    let training = try store.samples().count { $0.split == .train }
    recipe.audit = try AuditBudget(
      stepSeconds: ["vgg-micro": 0.01, AuditBudget.fastModel: 0.02], training: training, samples: 160,
      taughtByVotes: false
    ).plan(recipe.audit, minutes: 0.1)
    let stopped = try store.beginRun(kind: "audit", recipe: recipe, seed: recipe.seed)
    try store.close()
    let run = try workspace.fercure("audit", "d.fercure", "--recipe", "open.yaml", "--minutes", "60")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("planned: \(recipe.audit.train.epochs) epochs of vgg-micro, 2 folds"), "\(run.errors)")
    #expect(try DatasetStore.open(at: path).lastRun(kind: "audit")?.id == stopped.id)
  }

  @Test func `options that make no sense are usage errors`() throws {
    let workspace = try Workspace()
    #expect(try workspace.fercure("audit", "d.fercure", "--auditor", "magic").status == 64)
    #expect(try workspace.fercure("audit", "d.fercure", "--keys", "k.txt").status == 64)
    #expect(try workspace.fercure("audit", "d.fercure", "--minutes", "0").status == 64)
    #expect(try workspace.fercure("resolve", "d.fercure", "--ungated", "--undo", "1").status == 64)
    #expect(try workspace.fercure("study", "noise", "d.fercure", "--rates", "2").status == 64)
  }

  @Test func `suggestions into a class that votes show to be wrong are left for a reviewer`() throws {
    let workspace = try workspace()
    let store = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path)
    let samples = try store.samples().filter { $0.split == .train }
    let happy = samples.filter { $0.label == "happy" }.prefix(10)
    let others = samples.filter { $0.label == "sad" || $0.label == "neutral" }.prefix(12)
    try #require(happy.count == 10 && others.count == 12)
    // Voters agree with every suggestion into surprise, and with none into disgust.
    let votes = workspace.folder.appending(path: "votes.csv")
    var lines = ["Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"]
    let voted = Set((Array(happy) + Array(others)).map(\.key))
    for row in 0..<160 {
      let key = "row-" + String(format: "%07d", row)
      lines.append("Training,,0,0,\(voted.contains(key) ? 9 : 0),0,0,0,0,0,0,0")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: votes)
    try store.close()
    #expect(
      try workspace.fercure("ingest", "faces/faces.csv", "--votes", "votes.csv", "--into", "d.fercure").status == 0)
    let reopened = try DatasetStore.open(at: workspace.folder.appending(path: "d.fercure").path)
    let run = try reopened.beginRun(kind: "audit")
    func suggestion(_ sample: Sample, _ to: String) -> Suggestion {
      Suggestion(
        sample: sample.id, from: sample.label ?? "", to: to, confidence: 0.9, verdict: .wrong,
        signals: Signals(probabilities: []))
    }
    try reopened.store(
      suggestions: happy.map { suggestion($0, "disgust") } + others.map { suggestion($0, "surprise") }, scores: [],
      run: run.id)
    try reopened.finish(run)
    try reopened.close()

    let dry = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.8", "--dry-run", "--json")
    #expect(dry.status == 0, "\(dry.errors)")
    let report = try dry.json()
    #expect(report["heldBack"] as? [String: Int] == ["disgust": 10])
    let expectation = try #require(report["expectation"] as? [String: Any])
    #expect(expectation["judged"] as? Int == 12)
    let text = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.8", "--dry-run").output
    #expect(text.contains("10 into disgust"))
    #expect(text.contains("100.0 % by the votes on 12 of them (95 % interval 75.8 % to 100.0 %)"), "\(text)")
    let all = try workspace.fercure("resolve", "d.fercure", "--accept-above", "0.8", "--ungated", "--json").json()
    let summary = try #require(all["summary"] as? [String: Any])
    #expect((summary["decisions"] as? [String: Int])?["accepted"] == 22)
  }
}
