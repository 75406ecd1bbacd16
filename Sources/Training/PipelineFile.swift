public import Foundation
public import Imaging
internal import Yams

/// Reads and writes pipelines of augmentations as YAML: the list that a recipe has under `augment`.
///
///     - {name: flip}
///     - {name: rotate, degreesRange: [-10, 10], border: reflect}
public enum PipelineFile {
  /// Reads a file.
  ///
  /// - Throws: `TrainingError.file`, `.recipeSyntax`, `.recipeValue`.
  public static func read(_ url: URL) throws -> Compose {
    try parse(RecipeFile.text(of: url), name: url.lastPathComponent)
  }

  /// Reads YAML text; `name` only names it in errors.
  public static func parse(_ text: String, name: String) throws -> Compose {
    let loaded: Any?
    do {
      loaded = try Yams.load(yaml: text)
    } catch {
      throw TrainingError.recipeSyntax(name, reason: "\(error)")
    }
    guard let list = loaded as? [Any] else {
      throw TrainingError.recipeSyntax(name, reason: "a pipeline is a list of augmentations, '- {name: flip}'")
    }
    return try RecipeFile.decoded(Compose.self, from: list) { $0.isEmpty ? name : "\(name): \($0)" }
  }

  /// The pipeline as YAML with every setting.
  public static func yaml(_ pipeline: Compose) throws -> String { try YAMLEncoder().encode(pipeline) }
}
