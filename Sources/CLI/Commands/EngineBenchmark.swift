import Foundation
import NeuralNet
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Times steps of a network on random pictures.
struct EngineBenchmark {
  private let options: BenchmarkCommand.Options
  private let trains: Bool
  private let selfCure: Bool

  init(_ options: BenchmarkCommand.Options, trains: Bool, selfCure: Bool) {
    self.options = options
    self.trains = trains
    self.selfCure = selfCure
  }

  /// What was measured.
  struct Result: Encodable {
    var model: String
    var size: Int
    var batch: Int
    var precision: String
    var imagesPerSecond: Double
    var medianMilliseconds: Double
    var minimumMilliseconds: Double
    var stepsMeasured: Int
    var peakMemoryBytes: Int
    var networkBytes: Int
    var instructionSet: String
    var profile: [Entry]?

    /// One kernel.
    struct Entry: Encodable {
      var step: String
      var milliseconds: Double
    }

    var text: String {
      var lines = [
        "\(model) at \(size) pixels, batch \(batch), \(precision): \(Numbers.decimal(imagesPerSecond, places: 0)) images/s "
          + "(median \(Numbers.decimal(medianMilliseconds, places: 1)) ms, fastest "
          + "\(Numbers.decimal(minimumMilliseconds, places: 1)) ms of \(stepsMeasured) steps), peak memory "
          + "\(Numbers.count(peakMemoryBytes / 1_048_576)) MiB, \(instructionSet)"
      ]
      if let profile {
        var table = TextTable(header: ["kernel", "ms"])
        table.rows = profile.map { [$0.step, Numbers.decimal($0.milliseconds, places: 2)] }
        lines += ["", table.text]
      }
      return lines.joined(separator: "\n")
    }
  }

  func run() throws -> Result {
    let classes = 7
    let model = try Architecture.named(options.model)
      .model(size: options.size, inputChannels: options.channels, classes: classes, hasImportance: selfCure)
    let network = try Network(
      model, inputShape: [options.batch, options.channels, options.size, options.size],
      mode: trains ? .training : .inference, gradients: trains ? .parameters : [], precision: options.precision, seed: 1
    )
    var generator = SeededGenerator(seed: 2)
    for i in 0..<network.input.count { network.input[i] = Float(generator.uniform() * 2 - 1) }
    let targets = SoftmaxCrossEntropy.targets(labels: (0..<options.batch).map { $0 % classes }, classes: classes)
    let optimizer = SGD(parameterCount: network.parameterValues.count, learningRate: 0.01, weightDecay: 5e-4)

    var seconds: [Double] = []
    let clock = ContinuousClock()
    for step in 0..<options.warmup + options.steps {
      try Interrupt.check()
      let time = try clock.measure { try takeStep(network, optimizer, targets, classes) }
      if step >= options.warmup { seconds.append(time / .seconds(1)) }
    }
    seconds.sort()
    let median = seconds[seconds.count / 2]
    return Result(
      model: options.model, size: options.size, batch: options.batch, precision: network.precision.rawValue,
      imagesPerSecond: Double(options.batch) / median, medianMilliseconds: median * 1000,
      minimumMilliseconds: seconds[0] * 1000, stepsMeasured: seconds.count, peakMemoryBytes: peakMemory(),
      networkBytes: network.byteCount, instructionSet: Processor.instructionSetName,
      profile: options.profile ? try profile(network, optimizer) : nil)
  }

  private func takeStep(_ network: Network, _ optimizer: SGD, _ targets: [Float], _ classes: Int) throws {
    try network.forward()
    guard trains else { return }
    _ = SoftmaxCrossEntropy.lossAndGradient(
      logits: network.output("logits"), targets: targets, classes: classes,
      gradient: network.outputGradient("logits"))
    try network.backward()
    optimizer.step(values: network.parameterValues, gradients: network.parameterGradients)
    network.parametersDidChange()
  }

  /// Every kernel with the fastest of some runs, slowest kernel first.
  private func profile(_ network: Network, _ optimizer: SGD) throws -> [Result.Entry] {
    let repetitions = 5
    var steps = try network.profile(repetitions: repetitions)
    if trains {
      let clock = ContinuousClock()
      let times = (0..<repetitions).map { _ in
        clock.measure { optimizer.step(values: network.parameterValues, gradients: network.parameterGradients) }
      }
      steps.append(("optimizer", (times.min() ?? .zero) / .seconds(1)))
    }
    return steps.sorted { $0.seconds > $1.seconds }
      .map { Result.Entry(step: $0.step, milliseconds: $0.seconds * 1000) }
  }

  private func peakMemory() -> Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}
