import TestSupport
import Testing

@testable import Explain

/// What every method must say about a network whose logits are linear in the picture.
@Suite struct LinearIdentityTests {
  private let size = 12
  private let picture: [Float]
  private let weights: [Float]

  init() {
    picture = Golden.fill("linear.picture", count: 2 * 144, low: -1, high: 1)
    weights = Golden.fill("linear.weights", count: 3 * 2 * 144, low: -1, high: 1)
  }

  private func probe() throws -> Probe { try TestProbes.linear(size: size, channels: 2, weights: weights) }
  private func weight(_ c: Int) -> [Float] { Array(weights[(c * 288)..<((c + 1) * 288)]) }
  private func strongest(_ values: [Float]) -> [Float] { (0..<144).map { max(abs(values[$0]), abs(values[144 + $0])) } }

  @Test func `saliency is the largest weight of each pixel, whatever the picture`() throws {
    let questions = [
      Question(input: picture, target: Target(1)), Question(input: picture.reversed(), target: Target(2)),
    ]
    let maps = try Saliency().explain(questions, of: probe()).map(\.map.values)
    #expect(distance(maps[0], strongest(weight(1))) < 1e-6)
    #expect(distance(maps[1], strongest(weight(2))) < 1e-6)
  }

  @Test func `saliency of a class rather than another is the weights' difference`() throws {
    let question = Question(input: picture, target: Target(0, rather: 2))
    let map = try Saliency().explain([question], of: probe())[0].map
    #expect(distance(map.values, strongest(zip(weight(0), weight(2)).map { $0 - $1 })) < 1e-6)
  }

  @Test func `noise changes nothing where the derivative is the same everywhere`() throws {
    let map = try SmoothGrad(copies: 5).explain([Question(input: picture, target: Target(1))], of: probe())[0].map
    #expect(distance(map.values, strongest(weight(1))) < 1e-5)
  }

  @Test func `integrated gradients are weight times pixel and add up to the difference of the logits`() throws {
    let explanation = try IntegratedGradients().explain([Question(input: picture, target: Target(1))], of: probe())[0]
    let products = zip(weight(1), picture).map { $0 * $1 }
    #expect(distance(explanation.map.values, (0..<144).map { products[$0] + products[144 + $0] }) < 1e-5)
    #expect(try #require(explanation.measures["gap"]) < 1e-4)
  }

  @Test func `occlusion by squares side by side is what each square adds to the logit`() throws {
    let map = try Occlusion(side: 4, step: 4).explain([Question(input: picture, target: Target(1))], of: probe())[0].map
    let products = zip(weight(1), picture).map { $0 * $1 }
    for (row, column) in [(0, 0), (1, 2), (2, 1)] {
      var sum: Float = 0
      for c in 0..<2 {
        for y in (4 * row)..<(4 * row + 4) {
          for x in (4 * column)..<(4 * column + 4) { sum += products[c * 144 + y * 12 + x] }
        }
      }
      #expect(abs(map[4 * row + 1, 4 * column + 3] - sum) < 1e-4)
      #expect(abs(map[4 * row + 2, 4 * column] - sum) < 1e-4)
    }
  }

  @Test func `LIME recovers what each superpixel adds, with an R2 of 1`() throws {
    let patches = Superpixels(labels: (0..<144).map { $0 / 12 / 4 * 3 + $0 % 12 / 4 })
    let method = LIME(samples: 200, answer: .score, penalty: 1e-9)
    let fit = try method.fit(Question(input: picture, target: Target(1)), patches: patches, of: probe())
    let hidden = LIME.hidden(picture, patches)
    for patch in 0..<patches.count {
      var sum: Float = 0
      for i in picture.indices where patches.labels[i % 144] == patch {
        sum += weight(1)[i] * (picture[i] - hidden[i])
      }
      #expect(abs(fit.coefficients[patch] - Double(sum)) < 1e-3)
    }
    #expect(abs(fit.r2 - 1) < 1e-6)
  }

  @Test func `LIME of the same seed is the same, of another seed nearly`() throws {
    let question = Question(input: picture, target: Target(1))
    let first = try LIME(samples: 300, segments: 12).explain([question], of: probe())[0]
    #expect(try LIME(samples: 300, segments: 12).explain([question], of: probe())[0] == first)
    let other = try LIME(samples: 300, segments: 12, seed: 8).explain([question], of: probe())[0]
    #expect(other != first)
    #expect(other.map.correlation(with: first.map) > 0.9)
  }

  @Test func `climbing a class's logit draws its weights`() throws {
    let climb = GradientAscent(steps: 20, decay: 0, blurEvery: 0, jitter: 0)
    let summit = try climb.climb([.label(2)], in: probe())[0]
    #expect(HeatMap.correlation(summit.input, weight(2)) > 0.99)
    #expect(summit.end > summit.start)
  }

  @Test func `a network without maps has no layer for class activation`() throws {
    #expect(throws: ExplainError.noMaps) {
      try GradCAM().explain([Question(input: picture, target: Target(0))], of: probe())
    }
  }
}
