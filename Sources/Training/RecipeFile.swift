public import Foundation
internal import Yams

/// Reads a recipe: a YAML file merged over the defaults, in which an unknown key is an error.
public enum RecipeFile {
  /// Reads a file over the defaults.
  public static func read(_ url: URL) throws -> Recipe {
    try parse(text(of: url), name: url.lastPathComponent)
  }

  /// Reads a text file.
  static func text(of url: URL) throws -> String {
    let path = url.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { throw TrainingError.file(path, reason: "is not there") }
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw TrainingError.file(path, reason: "cannot be read as text")
    }
    return text
  }

  /// Reads YAML text over the defaults; `name` only names it in errors.
  public static func parse(_ text: String, name: String) throws -> Recipe {
    let loaded: Any?
    do {
      loaded = try Yams.load(yaml: text)
    } catch {
      throw TrainingError.recipeSyntax(name, reason: "\(error)")
    }
    guard let loaded else { return Recipe() }
    guard let overrides = loaded as? [String: Any] else {
      throw TrainingError.recipeSyntax(name, reason: "a recipe is a mapping of keys to values")
    }
    let defaults = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Recipe()))
    guard let defaults = defaults as? [String: Any] else { return Recipe() }
    let merged = try merge(overrides, over: defaults, path: "")
    var recipe = try decoded(Recipe.self, from: merged) { $0 }
    let audit = overrides["audit"] as? [String: Any] ?? [:]
    if givesLength(inAudit: audit) { recipe.audit.fewestSteps = 0 }
    if gives("model", without: "smallModel", inAudit: audit) { recipe.audit.smallModel = "none" }
    if gives("dropout", without: "smallDropout", inAudit: audit) {
      recipe.audit.smallDropout = recipe.audit.train.dropout
    }
    if gives("earlyLearningRampUp", without: "smallRampUp", inAudit: audit) {
      recipe.audit.smallRampUp = recipe.audit.train.earlyLearningRampUp
    }
    try recipe.validate()
    return recipe
  }

  /// The recipe as JSON with sorted keys: what is stored with a run.
  public static func json(_ recipe: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(recipe), as: UTF8.self)
  }

  /// The recipe as YAML, for reports and for starting one's own.
  public static func yaml(_ recipe: Recipe) throws -> String {
    try YAMLEncoder().encode(recipe)
  }

  /// Decodes what a YAML file says; an error names the key as `named` words it.
  static func decoded<Value: Decodable>(_ type: Value.Type, from object: Any, named: (String) -> String) throws -> Value
  {
    do {
      return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: object))
    } catch let DecodingError.dataCorrupted(context), let DecodingError.typeMismatch(_, context),
      let DecodingError.keyNotFound(_, context), let DecodingError.valueNotFound(_, context)
    {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw TrainingError.recipeValue(named(key), reason: context.debugDescription)
    }
  }

  /// Whether a file says for how long an audit's networks learn: then that is what it means, on a small dataset, too.
  private static func givesLength(inAudit audit: [String: Any]) -> Bool {
    guard audit["fewestSteps"] == nil else { return false }
    let train = audit["train"] as? [String: Any] ?? [:]
    return audit["foldEpochs"] != nil || train["epochs"] != nil || train["steps"] != nil
  }

  /// Whether a file gives a setting of an audit's networks and not the one that stands in for it on small datasets.
  private static func gives(_ setting: String, without small: String, inAudit audit: [String: Any]) -> Bool {
    audit[small] == nil && (audit["train"] as? [String: Any])?[setting] != nil
  }

  private static func merge(_ overrides: [String: Any], over defaults: [String: Any], path: String) throws
    -> [String: Any]
  {
    var merged = defaults
    for (key, value) in overrides {
      let fullKey = path.isEmpty ? key : "\(path).\(key)"
      guard let old = defaults[key] else { throw TrainingError.unknownKey(fullKey, known: defaults.keys.sorted()) }
      if let old = old as? [String: Any] {
        guard let value = value as? [String: Any] else {
          let keys = old.keys.sorted().joined(separator: ", ")
          throw TrainingError.recipeValue(fullKey, reason: "it has keys of its own: \(keys)")
        }
        merged[key] = try merge(value, over: old, path: fullKey)
      } else {
        merged[key] = value
      }
    }
    return merged
  }
}

extension Recipe {
  /// Refuses values that no run could use.
  public func validate() throws {
    try train.validate("train")
    try audit.train.validate("audit.train")
    func require(_ condition: Bool, _ key: String, _ reason: String) throws {
      guard condition else { throw TrainingError.recipeValue(key, reason: reason) }
    }
    try require(
      (2...1000).contains(audit.folds), "audit.folds",
      "at least 2, so that each has another one to learn from, and at most 1,000")
    try require((0..<1).contains(audit.smallDropout), "audit.smallDropout", "at least 0 and below 1")
    try require((0...1).contains(audit.smallRampUp), "audit.smallRampUp", "between 0 and 1")
    let small = audit.smallModel == "none" ? audit.train.model : audit.smallModel
    for (key, model) in [("foldModel", audit.foldModel), ("smallModel", small)] {
      do {
        try audit.foldTraining(model: model).architecture()
      } catch {
        throw TrainingError.recipeValue("audit.\(key)", reason: "\(error)")
      }
    }
    try require(audit.foldEpochs >= 1, "audit.foldEpochs", "at least 1")
    try require(
      (0...1_000_000).contains(audit.fewestSteps), "audit.fewestSteps", "between 0, which asks for none, and a million")
    try require(audit.averagedEpochs >= 1, "audit.averagedEpochs", "at least 1")
    try require((0...0.2).contains(audit.injected), "audit.injected", "between 0 and 0.2")
    try require((0...0.5).contains(audit.probes), "audit.probes", "between 0 and 0.5")
    try require((1...10_000).contains(audit.neighbours), "audit.neighbours", "between 1 and 10,000")
    try require((0...1).contains(audit.minimumConfidence), "audit.minimumConfidence", "between 0 and 1")
    try require((0...1).contains(resolve.acceptAbove), "resolve.acceptAbove", "between 0 and 1")
    let selfCure = audit.selfCure
    try require((0.01...0.99).contains(selfCure.ratio), "audit.selfCure.ratio", "between 0.01 and 0.99")
    try require((0...1).contains(selfCure.balance), "audit.selfCure.balance", "between 0 and 1")
    try require(selfCure.relabelFrom >= 1, "audit.selfCure.relabelFrom", "epochs are counted from 1")
    try require(audit.train.patience == 0, "audit.train.patience", "the networks of an audit have no validation split")
    try require(audit.train.mixUp == 0, "audit.train.mixUp", "an audit judges pictures one by one, not mixed")
    try require(!audit.train.votesAsTargets, "audit.train.votesAsTargets", "audit.usesVotes decides in an audit")
    try require(
      ["oversample", "undersample", "none"].contains(rebalance.method), "rebalance.method",
      "oversample, undersample or none")
  }
}
