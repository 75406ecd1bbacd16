import Foundation
import Training

/// The folder that `fercure curate` writes: where everything lies, and whose run it is.
struct CurateFolder {
  let path: String

  private func at(_ name: String) -> String { path + "/" + name }

  /// The dataset as ingested, with findings, scores and suggestions.
  var raw: String { at("raw.fercure") }
  /// The dataset after resolving and rebalancing.
  var curated: String { at("curated.fercure") }
  /// The folder of an export format.
  func export(_ format: String) -> String { at("exports/\(format)") }
  /// The network trained on the curated dataset.
  var model: String { at("model.safetensors") }
  /// The network trained on the raw dataset.
  var rawModel: String { at("model-raw.safetensors") }
  /// The report.
  var report: String { at("report.html") }
  /// The recipe of the run, with what the command line changed.
  var recipe: String { at("run.yaml") }
  /// The summary for machines.
  var summary: String { at("summary.json") }
  /// State that a stopped run goes on from; removed at the end.
  func work(_ name: String) -> URL { URL(fileURLWithPath: at("work/\(name)")) }

  /// Makes the folder, or checks that the run in it is this one.
  ///
  /// - Throws: `CLIError.otherRun` when it holds a run of other sources or with another recipe.
  func claim(sources: [String], votes: [String], truth: String?, recipe: Recipe) throws {
    let identity = try JSONText.of(
      Identity(
        sources: sources.map(Self.absolute), votes: votes.map(Self.absolute), truth: truth.map(Self.absolute),
        recipe: recipe))
    let file = at("run.json")
    if let old = try? String(contentsOfFile: file, encoding: .utf8) {
      guard old == identity else { throw CLIError.otherRun(path) }
      return try write(recipe)
    }
    do {
      try FileManager.default.createDirectory(atPath: path + "/work", withIntermediateDirectories: true)
      try identity.write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
      throw TrainingError.file(path, reason: "cannot be written to (\(error.localizedDescription))")
    }
    try write(recipe)
  }

  /// Of some files those that were changed after the run began: what it has read it does not read again.
  func changedSince(_ files: [String]) -> [String] {
    func changed(_ path: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    guard let begun = changed(at("run.json")) else { return [] }
    return files.filter { file in changed(file).map { $0 > begun } ?? false }
  }

  /// Writes the recipe down, unless it is there already.
  private func write(_ recipe: Recipe) throws {
    guard !FileManager.default.fileExists(atPath: self.recipe) else { return }
    do {
      try RecipeFile.yaml(recipe).write(toFile: self.recipe, atomically: true, encoding: .utf8)
    } catch {
      throw TrainingError.file(self.recipe, reason: "cannot be written (\(error.localizedDescription))")
    }
  }

  private struct Identity: Encodable {
    let sources: [String]
    let votes: [String]
    let truth: String?
    let recipe: Recipe
  }

  private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
