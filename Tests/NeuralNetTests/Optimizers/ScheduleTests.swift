import TestSupport
import Testing

@testable import NeuralNet

/// The factors of every schedule against PyTorch's schedulers.
@Suite struct ScheduleTests {
  struct File: Decodable { let schedules: Sequences }
  struct Sequences: Decodable {
    let steps, stepsPerEpoch, warmup: Int
    let stepEpochs: [Int]
    let stepFactor: Float
    let constant, step, cosine, oneCycle, warmedCosine: [Float]
    let plateau: PlateauCase
  }
  struct PlateauCase: Decodable {
    /// Null is no number.
    let losses: [Double?]
    let patience: Int
    let reduction: Float
    let factors: [Float]
  }

  @Test func `each schedule gives PyTorch's factors step by step`() throws {
    let golden = try Golden.load(File.self, "optimizers.json").schedules
    func expect(_ name: String, warmup: Int = 0, _ wanted: [Float]) throws {
      let schedule = try Schedule.named(name, stepEpochs: golden.stepEpochs, stepFactor: golden.stepFactor)
      #expect(wanted.count == golden.steps)
      for (step, factor) in wanted.enumerated() {
        let own = schedule.factor(
          step: step, of: golden.steps, stepsPerEpoch: golden.stepsPerEpoch, warmup: warmup)
        #expect(abs(own - factor) < 2e-6, "\(name), step \(step)")
      }
    }
    try expect("constant", golden.constant)
    try expect("step", golden.step)
    try expect("cosine", golden.cosine)
    try expect("one-cycle", golden.oneCycle)
    try expect("cosine", warmup: golden.warmup, golden.warmedCosine)
  }

  @Test func `a plateau lowers the factor in the epochs in which PyTorch's does`() throws {
    let golden = try Golden.load(File.self, "optimizers.json").schedules.plateau
    var plateau = Plateau()
    var factors: [Float] = []
    for loss in golden.losses {
      plateau.observe(loss ?? .nan, patience: golden.patience, reduction: golden.reduction)
      factors.append(plateau.factor)
    }
    #expect(factors == golden.factors)
    #expect(Set(golden.factors).count > 2, "the sequence has reductions")
  }

  @Test func `every listed name is a schedule, and another one is an error that lists them`() throws {
    for (name, _) in Schedule.all { _ = try Schedule.named(name, stepEpochs: [], stepFactor: 1) }
    #expect {
      try Schedule.named("linear", stepEpochs: [], stepFactor: 1)
    } throws: { error in
      "\(error)" == "no schedule is called linear; there are constant, step, cosine, one-cycle, plateau"
    }
  }

  @Test func `short runs have factors between nought and one`() {
    for schedule in [Schedule.cosine, .oneCycle, .constant] {
      for steps in 1...5 {
        for step in 0..<steps {
          let factor = schedule.factor(step: step, of: steps, stepsPerEpoch: 1)
          #expect(factor >= 0 && factor <= 1, "\(schedule) of \(steps), step \(step)")
        }
      }
    }
  }
}
