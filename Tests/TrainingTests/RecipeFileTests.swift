import Foundation
import Imaging
import Testing

@testable import Training

@Suite struct RecipeFileTests {
  @Test func `a file overrides what it names and leaves the rest`() throws {
    let recipe = try RecipeFile.parse(
      """
      # a comment
      seed: 42
      audit:
        folds: 5
        selfCure: {relabelScope: any}
      train:
        learningRate: 0.1
        augment:
          - {name: flip}
          - {name: rotate, degreesRange: [-5, 5]}
      """, name: "test.yaml")
    #expect(recipe.seed == 42)
    #expect(recipe.audit.folds == 5)
    #expect(recipe.audit.selfCure.relabelScope == .any)
    #expect(recipe.audit.selfCure.ratio == 0.7)
    #expect(recipe.train.learningRate == 0.1)
    #expect(recipe.train.augment.steps.count == 2)
    #expect(recipe.train.batchSize == Recipe().train.batchSize)
  }

  @Test func `an empty file is the defaults, and the effective recipe reads back`() throws {
    let defaults = try RecipeFile.json(Recipe())
    #expect(try RecipeFile.json(RecipeFile.parse("", name: "empty.yaml")) == defaults)
    let yaml = try RecipeFile.yaml(Recipe())
    #expect(try RecipeFile.json(RecipeFile.parse(yaml, name: "effective.yaml")) == defaults)
  }

  @Test func `epochs that a file gives are not raised on small datasets`() throws {
    func fewest(_ text: String) throws -> Int { try RecipeFile.parse(text, name: "x.yaml").audit.fewestSteps }
    #expect(try fewest("audit: {folds: 2}") == Recipe().audit.fewestSteps)
    for text in ["train: {epochs: 32}", "train: {steps: 10}", "foldEpochs: 18"] {
      #expect(try fewest("audit: {\(text)}") == 0)
    }
    #expect(try fewest("audit: {fewestSteps: 500, train: {epochs: 32}}") == 500)
    #expect(try fewest("train: {epochs: 3}") == Recipe().audit.fewestSteps, "that is another training")
  }

  @Test func `a network that a file names is not exchanged on small datasets`() throws {
    func small(_ text: String) throws -> String { try RecipeFile.parse(text, name: "x.yaml").audit.smallModel }
    #expect(try small("audit: {train: {epochs: 32}}") == Recipe().audit.smallModel)
    #expect(try small("audit: {train: {model: resnet18-half}}") == "none")
    #expect(try small("audit: {smallModel: vgg-mini, train: {model: resnet18-half}}") == "vgg-mini")
    #expect(try small("train: {model: resnet18}") == Recipe().audit.smallModel, "that is another training")
  }

  @Test func `a dropout that a file gives is not exchanged on small datasets`() throws {
    func small(_ text: String) throws -> Float { try RecipeFile.parse(text, name: "x.yaml").audit.smallDropout }
    #expect(try small("audit: {train: {model: vgg-mini}}") == Recipe().audit.smallDropout)
    #expect(try small("audit: {train: {dropout: 0.1}}") == 0.1)
    #expect(try small("audit: {smallDropout: 0.3, train: {dropout: 0.1}}") == 0.3)
    #expect(try small("train: {dropout: 0.1}") == Recipe().audit.smallDropout, "that is another training")
  }

  @Test func `a rise of lambda that a file gives is not exchanged on small datasets`() throws {
    func small(_ text: String) throws -> Double { try RecipeFile.parse(text, name: "x.yaml").audit.smallRampUp }
    #expect(try small("audit: {train: {earlyLearning: 2}}") == Recipe().audit.smallRampUp)
    #expect(try small("audit: {train: {earlyLearningRampUp: 0}}") == 0)
    #expect(try small("audit: {smallRampUp: 0.1, train: {earlyLearningRampUp: 0.5}}") == 0.1)
    #expect(try small("train: {earlyLearningRampUp: 0.5}") == Recipe().audit.smallRampUp, "that is another training")
  }

  @Test func `an unknown key is an error that lists the known ones`() {
    #expect {
      try RecipeFile.parse("audit: {fold: 3}", name: "x.yaml")
    } throws: { error in
      "\(error)".hasPrefix("the recipe has no key audit.fold; there are auditor, averagedEpochs, ")
    }
  }

  @Test func `values that no run could use are errors that name the key`() {
    func message(_ text: String) -> String {
      do {
        _ = try RecipeFile.parse(text, name: "x.yaml")
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message("audit: {folds: 1}").hasPrefix("recipe value audit.folds: at least 2, so that"))
    #expect(message("train: {epochs: }").hasPrefix("recipe value train.epochs: "))
    #expect(message("rebalance: {augment: [{p: 1}]}").hasPrefix("recipe value rebalance.augment"))
    #expect(message("audit: {foldModel: resnet11}").hasPrefix("recipe value audit.foldModel: "))
    #expect(message("audit: {smallModel: resnet11}").hasPrefix("recipe value audit.smallModel: "))
    #expect(message("audit: {smallDropout: 1}").hasPrefix("recipe value audit.smallDropout: at least 0"))
    #expect(message("audit: {smallRampUp: -1}").hasPrefix("recipe value audit.smallRampUp: between 0 and 1"))
    #expect(message("train: {earlyLearningRampUp: 2}").hasPrefix("recipe value train.earlyLearningRampUp: between"))
    #expect(message("audit: {foldModel: vgg13, train: {size: 24}}").hasPrefix("recipe value audit.foldModel: "))
    #expect(message("train: {batchSize: 1}").hasPrefix("recipe value train.batchSize: at least 2"))
    for text in [
      "epochs: 1000000000000000000", "steps: 9223372036854775807", "batchSize: 9223372036854775807",
      "warmupEpochs: 1e300", "stepEpochs: [9223372036854775807]", "model: resnet19", "{model: vgg13, size: 24}",
    ] {
      let key = text.contains("size") ? "model" : String(text.prefix { $0 != ":" })
      let section = text.hasPrefix("{") ? text : "{\(text)}"
      #expect(message("train: \(section)").hasPrefix("recipe value train.\(key): "), "\(text)")
    }
    #expect(message("audit: {neighbours: 9223372036854775807}").hasPrefix("recipe value audit.neighbours: "))
    #expect(
      message("train: {schedule: linear}")
        == "recipe value train.schedule: no schedule is called linear; there are constant, step, cosine, one-cycle, plateau"
    )
    #expect(
      message("train: {optimizer: lion}")
        == "recipe value train.optimizer: no optimizer is called lion; there are sgd, nesterov, adam, adamw, sam, asam")
    #expect(
      message("train: {optimizer: sam, baseOptimizer: asam}")
        == "recipe value train.baseOptimizer: no base optimizer is called asam; there are sgd, nesterov, adam, adamw")
    #expect(message("train: {loss: hinge}").hasSuffix("no loss is called hinge; there are cross-entropy, nll"))
    #expect(message("train: {classWeights: rare}").hasSuffix("there are none, inverse, effective-number"))
    #expect(message("train: {schedule: one-cycle, warmupEpochs: 1}").hasPrefix("recipe value train.warmupEpochs:"))
    #expect(message("train: {precision: int8}").hasPrefix("recipe value train.precision: float32, bfloat16 or auto"))
    #expect(message("audit: {train: {patience: 3}}").hasPrefix("recipe value audit.train.patience:"))
    #expect(message("train: {epochs: many}").hasPrefix("recipe value train.epochs:"))
    #expect(message("train: 3").hasPrefix("recipe value train: it has keys of its own"))
    #expect(message("- a\n- b").hasPrefix("recipe x.yaml is not valid YAML: a recipe is a mapping"))
    #expect(message("a: [").hasPrefix("recipe x.yaml is not valid YAML"))
  }
}
