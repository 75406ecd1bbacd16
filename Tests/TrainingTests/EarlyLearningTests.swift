import Foundation
import NeuralNet
import TestSupport
import Testing

@testable import Training

/// Early-learning regularization, as what it adds to targets.
@Suite struct EarlyLearningTests {
  struct File: Decodable { let earlyLearning: [Case] }
  struct Tensor: Decodable { let values: [Float] }
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let logitsShape: [Int]
    let logitsRange: [Double]
    let labels: [Int]
    let strength, momentum: Float
    let looks: Int
    let memory, logitsGradient: Tensor
    var testDescription: String { name }
  }

  static let cases = (try? goldenLosses(File.self).earlyLearning) ?? []

  @Test func `the golden file has both of the paper's settings`() { #expect(Self.cases.count == 2) }

  @Test(arguments: cases)
  func `memory and gradient after several looks are PyTorch's`(_ golden: Case) {
    let (count, classes) = (golden.logitsShape[0], golden.logitsShape[1])
    var memory = EarlyLearning(
      strength: golden.strength, momentum: golden.momentum, samples: count, classes: classes)
    var gradient: [Float] = []
    for look in 0..<golden.looks {
      let logits = Golden.fill(
        "\(golden.name).logits.\(look)", count: count * classes, low: golden.logitsRange[0], high: golden.logitsRange[1]
      )
      gradient = self.gradient(logits, labels: golden.labels, &memory)
    }
    expectClose(memory.memory, golden.memory.values)
    expectClose(gradient, golden.logitsGradient.values)
  }

  @Test func `targets keep the sum of 1, and nothing is added before anything is remembered twice alike`() {
    var memory = EarlyLearning(strength: 3, momentum: 0.5, samples: 1, classes: 3)
    var target: [Float] = [0, 1, 0]
    memory.regularize(&target[0..<3], sample: 0, logits: [2, 0, -1])
    #expect(abs(target.reduce(0, +) - 1) < 1e-6)
    #expect(target[0] > 0, "what the network said is wanted more")
    #expect(target[1] < 1, "what it doubted is wanted less")
    var even: [Float] = [0, 1, 0]
    memory = EarlyLearning(strength: 3, momentum: 0.5, samples: 1, classes: 3)
    memory.regularize(&even[0..<3], sample: 0, logits: [1, 1, 1])
    for (value, wanted) in zip(even, [0, 1, 0] as [Float]) { #expect(abs(value - wanted) < 1e-6) }
  }

  @Test func `a memory keeps more of what it holds where looks are few steps apart`() {
    #expect(EarlyLearning.momentum(0.8, stepsPerEpoch: 290) == 0.8)
    #expect(EarlyLearning.momentum(0.8, stepsPerEpoch: 449) == 0.8)
    // 25 of 290 steps: the logarithm times the cube root of that.
    #expect(abs(EarlyLearning.momentum(0.8, stepsPerEpoch: 25) - 0.90613) < 1e-4)
    #expect(EarlyLearning.momentum(0, stepsPerEpoch: 1) == 0)
  }

  @Test func `lambda rises by a sigmoid, and what does not count yet is remembered`() {
    #expect(EarlyLearning.rampUp(step: 0, length: 0) == 1, "at once unless told otherwise")
    #expect(abs(EarlyLearning.rampUp(step: 0, length: 100) - 0.006738) < 1e-6)
    #expect(abs(EarlyLearning.rampUp(step: 50, length: 100) - 0.286505) < 1e-6)
    #expect(EarlyLearning.rampUp(step: 100, length: 100) == 1 && EarlyLearning.rampUp(step: 900, length: 100) == 1)
    func looked(share: Float) -> (target: [Float], memory: [Float]) {
      var memory = EarlyLearning(strength: 3, momentum: 0.5, samples: 1, classes: 3)
      var target: [Float] = [0, 1, 0]
      memory.regularize(&target[0..<3], sample: 0, logits: [2, 0, -1], share: share)
      return (target, memory.memory)
    }
    let (none, half, all) = (looked(share: 0), looked(share: 0.5), looked(share: 1))
    #expect(none.target == [0, 1, 0])
    #expect(none.memory == all.memory && half.memory == all.memory)
    for k in 0..<3 { #expect(abs(half.target[k] - (none.target[k] + all.target[k]) / 2) < 1e-6) }
  }

  @Test func `a network that is entirely sure is pushed no further`() {
    var memory = EarlyLearning(strength: 3, momentum: 0, samples: 1, classes: 2)
    var target: [Float] = [1, 0]
    memory.regularize(&target[0..<2], sample: 0, logits: [90, -90])
    #expect(target.allSatisfy { $0.isFinite })
    #expect(abs(target[0] - 1) < 1e-3)
  }

  @Test func `the gradient through SCN's importance is that of the whole loss, by central differences`() {
    let (strength, classes, count): (Float, Int, Int) = (3, 4, 3)
    let labels = [1, 0, 3]
    let logits = Golden.fill("early-learning.scn.logits", count: count * classes, low: -2, high: 2)
    let importance = Golden.fill("early-learning.scn.importance", count: count, low: -1, high: 1)
    var learning = EarlyLearning(strength: strength, momentum: 0.8, samples: count, classes: classes)
    for look in 0..<3 {
      _ = gradient(
        Golden.fill("early-learning.scn.\(look)", count: count * classes, low: -2, high: 2), labels: labels, &learning)
    }
    var targets = SoftmaxCrossEntropy.targets(labels: labels, classes: classes)
    for row in 0..<count {
      let alpha = 1 / (1 + exp(-importance[row]))
      let range = (row * classes)..<((row + 1) * classes)
      learning.regularize(&targets[range], sample: row, logits: logits[range].map { alpha * $0 })
    }
    // The rank regularization has no say: its margin is far exceeded.
    var recipe = SelfCureRecipe()
    (recipe.balance, recipe.rankMargin) = (0.5, -10)
    var (z, a) = (logits, importance)
    var (dz, da) = ([Float](repeating: 0, count: z.count), [Float](repeating: 0, count: count))
    z.withUnsafeMutableBufferPointer { z in
      a.withUnsafeMutableBufferPointer { a in
        dz.withUnsafeMutableBufferPointer { dz in
          da.withUnsafeMutableBufferPointer { da in
            _ = SelfCureLoss(recipe: recipe, classes: classes)(
              logits: z, importanceLogits: a, targets: targets, logitsGradient: dz, importanceGradient: da)
          }
        }
      }
    }
    func loss(_ logits: [Double], _ importance: [Double]) -> Double {
      (0..<count).reduce(0.0) { sum, row in
        let alpha = 1 / (1 + exp(-importance[row]))
        let powers = (0..<classes).map { exp(alpha * logits[row * classes + $0]) }
        let p = powers.map { $0 / powers.reduce(0, +) }
        let agreement = (0..<classes).reduce(0.0) { $0 + p[$1] * Double(learning.memory[row * classes + $1]) }
        return sum + 0.5 * (-log(p[labels[row]]) + Double(strength) * log(1 - agreement)) / Double(count)
      }
    }
    let (exactLogits, exactImportance) = (logits.map(Double.init), importance.map(Double.init))
    for i in logits.indices {
      var (up, down) = (exactLogits, exactLogits)
      (up[i], down[i]) = (up[i] + 1e-5, down[i] - 1e-5)
      let slope = (loss(up, exactImportance) - loss(down, exactImportance)) / 2e-5
      #expect(abs(Double(dz[i]) - slope) < 1e-5)
    }
    for i in importance.indices {
      var (up, down) = (exactImportance, exactImportance)
      (up[i], down[i]) = (up[i] + 1e-5, down[i] - 1e-5)
      let slope = (loss(exactLogits, up) - loss(exactLogits, down)) / 2e-5
      #expect(abs(Double(da[i]) - slope) < 1e-5)
    }
  }

  /// The gradient of cross-entropy against the regularized targets of a batch that is all samples.
  private func gradient(_ logits: [Float], labels: [Int], _ learning: inout EarlyLearning) -> [Float] {
    let classes = learning.classes
    var (logits, targets) = (logits, SoftmaxCrossEntropy.targets(labels: labels, classes: classes))
    for row in labels.indices {
      let range = (row * classes)..<((row + 1) * classes)
      learning.regularize(&targets[range], sample: row, logits: logits[range])
    }
    var gradient = [Float](repeating: 0, count: logits.count)
    logits.withUnsafeMutableBufferPointer { z in
      gradient.withUnsafeMutableBufferPointer { g in
        _ = SoftmaxCrossEntropy.lossAndGradient(logits: z, targets: targets, classes: classes, gradient: g)
      }
    }
    return gradient
  }
}
