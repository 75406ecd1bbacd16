import TestSupport
import Testing

@testable import Explain

/// The same network, picture and definitions in Captum, PyTorch and scikit-learn.
@Suite struct GoldenTests {
  private let golden: GoldenExplanations
  private let probe: Probe
  private let question: Question

  init() throws {
    golden = try GoldenExplanations.load()
    probe = try golden.probe()
    question = Question(input: golden.picture, target: Target(golden.target))
  }

  private func map(_ method: some Explainer, _ question: Question? = nil) throws -> [Float] {
    try method.explain([question ?? self.question], of: probe)[0].map.values
  }

  @Test func `the network gives the golden logits`() throws {
    #expect(distance(try probe.logits(of: [golden.picture])[0], golden.logits) < 1e-5)
  }

  @Test func `saliency is Captum's, of a class and of a class rather than another`() throws {
    #expect(distance(try map(Saliency()), golden.saliency) < 1e-6)
    let rival = Question(input: golden.picture, target: Target(golden.target, rather: golden.rival))
    #expect(distance(try map(Saliency(), rival), golden.contrastiveSaliency) < 1e-6)
  }

  @Test func `integrated gradients are Captum's midpoint sum`() throws {
    let method = IntegratedGradients(steps: 64, mostSteps: 64)
    #expect(distance(try map(method), golden.integratedGradients) < 1e-6)
  }

  @Test func `Grad-CAM is Captum's, enlarged`() throws {
    #expect(distance(try map(GradCAM(layer: "bn2")), golden.gradCAM) < 1e-6)
  }

  @Test func `Score-CAM is the paper's formula`() throws {
    #expect(distance(try map(ScoreCAM(layer: "bn2")), golden.scoreCAM) < 1e-4)
  }

  @Test func `occlusion is Captum's`() throws {
    #expect(distance(try map(Occlusion(side: 4, step: 2)), golden.occlusion) < 1e-5)
  }

  @Test func `the weighted ridge regression is scikit-learn's`() throws {
    let ridge = golden.ridge
    let rows = Golden.fill("explain.ridge.rows", count: ridge.count * ridge.width, low: 0, high: 1).map {
      $0 > 0.5 ? 1.0 : 0.0
    }
    let fit = try WeightedRidge(
      rows: rows, y: Golden.fill("explain.ridge.y", count: ridge.count, low: -1, high: 1).map { Double($0) },
      weights: Golden.fill("explain.ridge.weights", count: ridge.count, low: 0.1, high: 1).map { Double($0) },
      penalty: ridge.penalty)
    for (own, other) in zip(fit.coefficients, ridge.coefficients) { #expect(abs(own - other) < 1e-9) }
    #expect(abs(fit.intercept - ridge.intercept) < 1e-9)
    #expect(abs(fit.r2 - ridge.r2) < 1e-9)
  }
}
