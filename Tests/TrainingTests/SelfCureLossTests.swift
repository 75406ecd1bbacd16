import Foundation
import TestSupport
import Testing

@testable import Training

@Suite struct SelfCureLossTests {
  struct File: Decodable { let selfCure: [Case] }
  struct Tensor: Decodable { let values: [Float] }
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let logitsShape: [Int]
    let logitsRange, importanceRange: [Double]
    let labels: [Int]
    let gamma, beta, margin: Float
    let highCount: Int
    let loss, weightedCrossEntropy, rankRegularization: Float
    let alpha, logitsGradient, importanceGradient: Tensor
    var testDescription: String { name }
  }

  static let cases = (try? goldenLosses(File.self).selfCure) ?? []

  @Test func `the golden file has active, inactive and tiny batches`() { #expect(SelfCureLossTests.cases.count == 3) }

  @Test(arguments: cases)
  func `loss, parts and gradients agree with PyTorch`(_ golden: Case) {
    let (result, gradients) = run(golden)
    #expect(abs(result.loss - golden.loss) < 1e-5)
    #expect(abs(result.weightedCrossEntropy - golden.weightedCrossEntropy) < 1e-5)
    #expect(abs(result.rankRegularization - golden.rankRegularization) < 1e-6)
    #expect(result.isLow.count { !$0 } == golden.highCount)
    expectClose(result.importance, golden.alpha.values)
    expectClose(gradients.logits, golden.logitsGradient.values)
    expectClose(gradients.importance, golden.importanceGradient.values)
  }

  @Test func `a batch of one has no groups and stays finite`() {
    var recipe = SelfCureRecipe()
    recipe.ratio = 0.7
    let (result, gradients) = evaluate(recipe, logits: [1, 2], importance: [0.3], targets: [0, 1], classes: 2)
    #expect(result.rankRegularization == 0)
    #expect(result.loss.isFinite)
    #expect(gradients.importance.allSatisfy { $0.isFinite })
  }

  @Test func `relabelling in the paper's scope leaves important samples alone`() {
    let result = SelfCureLoss.Result(
      loss: 0, weightedCrossEntropy: 0, rankRegularization: 0, importance: [0.9, 0.2],
      probabilities: [0.1, 0.9, 0.1, 0.9], isLow: [false, true])
    var recipe = SelfCureRecipe()
    recipe.relabelFrom = 3
    var early = SelfCureRelabeling(labels: [0, 0], fixed: [false, false])
    early.observe(batch: [0, 1], result: result, classes: 2, epoch: 2, recipe: recipe)
    #expect(early.labels == [0, 0], "not before the first relabel epoch")
    var paper = early
    paper.observe(batch: [0, 1], result: result, classes: 2, epoch: 3, recipe: recipe)
    #expect(paper.labels == [0, 1])
    #expect(paper.firstEpoch == [0, 3])
    recipe.relabelScope = .any
    var code = early
    code.observe(batch: [0, 1], result: result, classes: 2, epoch: 3, recipe: recipe)
    #expect(code.labels == [1, 1])
    var fixed = SelfCureRelabeling(labels: [0, 0], fixed: [false, true])
    fixed.observe(batch: [0, 1], result: result, classes: 2, epoch: 3, recipe: recipe)
    #expect(fixed.labels == [1, 0], "votes are not overruled")
    recipe.relabels = false
    var noted = early
    noted.observe(batch: [0, 1], result: result, classes: 2, epoch: 3, recipe: recipe)
    #expect(noted.labels == [0, 0] && noted.firstEpoch == [3, 3], "a judge notes what it would change")
  }

  @Test func `a lead below the margin relabels nobody`() {
    let result = SelfCureLoss.Result(
      loss: 0, weightedCrossEntropy: 0, rankRegularization: 0, importance: [0.2], probabilities: [0.41, 0.59],
      isLow: [true])
    var relabeling = SelfCureRelabeling(labels: [0], fixed: [false])
    relabeling.observe(batch: [0], result: result, classes: 2, epoch: 40, recipe: SelfCureRecipe())
    #expect(relabeling.labels == [0])
  }

  private func run(_ golden: Case) -> (SelfCureLoss.Result, (logits: [Float], importance: [Float])) {
    var recipe = SelfCureRecipe()
    recipe.balance = golden.gamma
    recipe.ratio = golden.beta
    recipe.rankMargin = golden.margin
    let (count, classes) = (golden.logitsShape[0], golden.logitsShape[1])
    var targets = [Float](repeating: 0, count: count * classes)
    for (row, label) in golden.labels.enumerated() { targets[row * classes + label] = 1 }
    return evaluate(
      recipe,
      logits: Golden.fill(
        "\(golden.name).logits", count: count * classes, low: golden.logitsRange[0], high: golden.logitsRange[1]),
      importance: Golden.fill(
        "\(golden.name).importance", count: count, low: golden.importanceRange[0], high: golden.importanceRange[1]),
      targets: targets, classes: classes)
  }

  private func evaluate(
    _ recipe: SelfCureRecipe, logits: [Float], importance: [Float], targets: [Float], classes: Int
  ) -> (SelfCureLoss.Result, (logits: [Float], importance: [Float])) {
    var (logits, importance) = (logits, importance)
    var logitsGradient = [Float](repeating: 0, count: logits.count)
    var importanceGradient = [Float](repeating: 0, count: importance.count)
    let result = logits.withUnsafeMutableBufferPointer { z in
      importance.withUnsafeMutableBufferPointer { a in
        logitsGradient.withUnsafeMutableBufferPointer { dz in
          importanceGradient.withUnsafeMutableBufferPointer { da in
            SelfCureLoss(recipe: recipe, classes: classes)(
              logits: z, importanceLogits: a, targets: targets, logitsGradient: dz, importanceGradient: da)
          }
        }
      }
    }
    return (result, (logitsGradient, importanceGradient))
  }
}
