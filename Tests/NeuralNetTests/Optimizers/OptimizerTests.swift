import Foundation
import TestSupport
import Testing

@testable import NeuralNet

/// Ten steps of each optimizer, alone and wrapped, against PyTorch.
@Suite struct OptimizerTests {
  struct File: Decodable {
    let count, steps: Int
    let optimizers: [Case]
  }
  struct Case: Decodable, CustomTestStringConvertible {
    let name, base: String
    let learningRate, momentum, weightDecay, radius: Float
    let first, last: [Float]
    let norm, tolerance: Float
    var testDescription: String { name == base ? name : "\(name) over \(base)" }

    func optimizer(count: Int) throws -> any Optimizer {
      try OptimizerKind.named(name).optimizer(
        OptimizerOptions(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, radius: radius),
        parameterCount: count, base: OptimizerKind.base(named: base))
    }
  }

  static let file = try? Golden.load(File.self, "optimizers.json")
  static let cases = file?.optimizers ?? []

  /// The bowl with ripples of the generator script.
  final class Bowl {
    let centres, slopes: [Float]
    var values: [Float]
    var gradients: [Float]

    init(count: Int) {
      centres = Golden.fill("optimizers.centres", count: count, low: -1, high: 1)
      slopes = Golden.fill("optimizers.slopes", count: count, low: 0.1, high: 2)
      values = Golden.fill("optimizers.start", count: count, low: -2, high: 2)
      gradients = [Float](repeating: 0, count: count)
    }

    /// Takes one step, and says what the values were whenever the optimizer asked for gradients.
    @discardableResult
    func step(_ optimizer: some Optimizer, number: Int) throws -> [[Float]] {
      var looks: [[Float]] = []
      try values.withUnsafeMutableBufferPointer { p in
        try gradients.withUnsafeMutableBufferPointer { g in
          evaluate(p, g, number)
          try optimizer.step(values: p, gradients: g) {
            looks.append(Array(p))
            evaluate(p, g, number)
          }
        }
      }
      return looks
    }

    private func evaluate(
      _ p: UnsafeMutableBufferPointer<Float>, _ g: UnsafeMutableBufferPointer<Float>, _ step: Int
    ) {
      for i in 0..<p.count { g[i] = slopes[i] * (p[i] - centres[i]) + 0.3 * sinf(3 * p[i] + Float(step)) }
    }
  }

  @Test(arguments: cases)
  func `ten steps end where PyTorch's do`(_ golden: Case) throws {
    let file = try #require(OptimizerTests.file)
    let bowl = Bowl(count: file.count)
    let optimizer = try golden.optimizer(count: file.count)
    for step in 0..<file.steps {
      let looks = try bowl.step(optimizer, number: step)
      #expect(looks.count == (golden.name == golden.base ? 0 : 1))
    }
    #expect(optimizer.stepCount == file.steps)
    let tolerance = 1e-6 + 4 * golden.tolerance
    for (value, wanted) in zip(bowl.values.prefix(8) + bowl.values.suffix(8), golden.first + golden.last) {
      #expect(abs(value - wanted) < tolerance)
    }
    let norm = bowl.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(Float(norm) - golden.norm) / golden.norm < 1e-5)
  }

  @Test func `the golden file has every optimizer, and they end in different places`() {
    #expect(Set(OptimizerTests.cases.map(\.name)) == Set(OptimizerKind.all.map(\.name)))
    #expect(Set(OptimizerTests.cases.map(\.norm)).count == OptimizerTests.cases.count)
  }

  @Test(arguments: ["sam", "asam"])
  func `the second look is as far away as the radius says, and the values come back bit for bit`(_ name: String) throws
  {
    let bowl = Bowl(count: 150_001)
    let start = bowl.values
    // A base that moves nothing shows what the wrapper leaves behind.
    let optimizer = SharpnessAware(
      base: SGD(parameterCount: 150_001, learningRate: 0), parameterCount: 150_001, radius: 0.7,
      isAdaptive: name == "asam")
    let look = try #require(bowl.step(optimizer, number: 0).first)
    #expect(bowl.values == start)
    // ASAM's distance is measured in units of the weights.
    let distance = zip(look, start).reduce(0.0) { sum, pair in
      let moved = Double(pair.0) - Double(pair.1)
      let unit = name == "asam" ? max(1e-9, abs(Double(pair.1))) : 1
      return sum + (moved / unit) * (moved / unit)
    }.squareRoot()
    #expect(abs(distance - 0.7) < 1e-3)
  }

  @Test func `an evaluation that fails leaves the values as they were`() {
    struct Failure: Error {}
    var values: [Float] = [1, 2, 3]
    var gradients: [Float] = [1, -1, 0.5]
    let optimizer = SharpnessAware(base: SGD(parameterCount: 3, learningRate: 1), parameterCount: 3, radius: 1)
    values.withUnsafeMutableBufferPointer { p in
      gradients.withUnsafeMutableBufferPointer { g in
        _ = #expect(throws: Failure.self) { try optimizer.step(values: p, gradients: g) { throw Failure() } }
      }
    }
    #expect(values == [1, 2, 3])
  }

  @Test(arguments: cases)
  func `the same steps give the same bits, and a resumed optimizer goes on with them`(_ golden: Case) throws {
    let count = 150_001
    func values(pausing: Bool) throws -> [UInt32] {
      let bowl = Bowl(count: count)
      var optimizer = try golden.optimizer(count: count)
      for step in 0..<4 {
        if pausing && step == 2 {
          let resumed = try golden.optimizer(count: count)
          for (old, new) in zip(optimizer.stateBuffers, resumed.stateBuffers) {
            _ = new.buffer.update(fromContentsOf: old.buffer)
          }
          resumed.stepCount = optimizer.stepCount
          optimizer = resumed
        }
        try bowl.step(optimizer, number: step)
      }
      return bowl.values.map(\.bitPattern)
    }
    let whole = try values(pausing: false)
    #expect(try values(pausing: false) == whole)
    #expect(try values(pausing: true) == whole)
  }

  @Test func `unknown names list the valid ones, and wrappers do not wrap each other`() {
    #expect(throws: NeuralNetError.unknownName("lion", kind: "optimizer", known: OptimizerKind.all.map(\.name))) {
      try OptimizerKind.named("lion")
    }
    #expect {
      try OptimizerKind.base(named: "sam")
    } throws: { error in
      "\(error)" == "no base optimizer is called sam; there are sgd, nesterov, adam, adamw"
    }
    #expect {
      try Losses.named("hinge")
    } throws: { error in
      "\(error)" == "no loss is called hinge; there are cross-entropy, nll"
    }
  }
}
