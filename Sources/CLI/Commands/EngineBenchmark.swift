import Foundation
import NeuralNet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Times steps of a network on random pictures.
struct EngineBenchmark {
  let options: BenchmarkCommand.Options
  var trains: Bool
  var optimizer = "sgd"
  var selfCure = false
  /// Also takes plain steps of SGD, in turn with these, for the ratio of their times.
  var comparesWithPlain = false

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
    /// Billions of operations that convolutions and linear layers do in a second; backward counts twice as much as forward.
    var gigaoperationsPerSecond: Double
    /// Of those that this machine does in one convolution that suits the kernels; above 1 where Winograd's algorithm saves products.
    var shareOfRoofline: Double
    /// Median of the ratios of neighbouring steps to plain ones; nil unless asked for.
    var ratioToPlain: Double?
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
          + "\(Numbers.count(peakMemoryBytes / 1_048_576)) MiB, \(instructionSet)",
        "\(Numbers.decimal(gigaoperationsPerSecond, places: 0)) billion operations/s in convolutions and linear layers, "
          + "\(Numbers.percent(shareOfRoofline)) of what one large convolution does here",
      ]
      if let ratioToPlain { lines.append("\(Numbers.decimal(ratioToPlain, places: 3)) times the time of a plain step") }
      if let profile {
        var table = TextTable(header: ["kernel", "ms"])
        table.rows = profile.map { [$0.step, Numbers.decimal($0.milliseconds, places: 2)] }
        lines += ["", table.text]
      }
      return lines.joined(separator: "\n")
    }
  }

  func run() throws -> Result {
    let subject = try BenchmarkedNetwork(options, trains: trains, optimizer: optimizer, selfCure: selfCure)
    let plain = comparesWithPlain ? try BenchmarkedNetwork(options, trains: trains) : nil
    var seconds: [Double] = []
    var ratios: [Double] = []
    for step in 0..<options.warmup + options.steps {
      try Interrupt.check()
      let time = try timed(subject.takeStep)
      let plainTime = try plain.map { try timed($0.takeStep) }
      guard step >= options.warmup else { continue }
      seconds.append(time)
      if let plainTime { ratios.append(time / plainTime) }
    }
    let median = median(seconds)
    let passes = trains ? 3.0 : 1
    let rate = passes * Double(2 * options.batch * subject.network.multiplyAddsPerSample) / median
    let peak = Self.peakMemory()
    return Result(
      model: options.model, size: options.size, batch: options.batch, precision: subject.network.precision.rawValue,
      imagesPerSecond: Double(options.batch) / median, medianMilliseconds: median * 1000,
      minimumMilliseconds: (seconds.min() ?? 0) * 1000, stepsMeasured: seconds.count,
      peakMemoryBytes: peak,
      networkBytes: subject.network.byteCount, instructionSet: Processor.instructionSetName,
      gigaoperationsPerSecond: rate / 1e9, shareOfRoofline: rate / (try KernelRate.measure(options.precision)),
      ratioToPlain: comparesWithPlain ? self.median(ratios) : nil,
      profile: options.profile ? try profile(subject) : nil)
  }

  private func timed(_ body: () throws -> Void) throws -> Double { try ContinuousClock().measure(body) / .seconds(1) }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  /// Every kernel with the fastest of some runs, slowest kernel first.
  private func profile(_ subject: BenchmarkedNetwork) throws -> [Result.Entry] {
    let repetitions = 5
    var steps = try subject.network.profile(repetitions: repetitions)
    if trains {
      let times = try (0..<repetitions).map { _ in try timed(subject.updateWeights) }
      steps.append(("optimizer", times.min() ?? 0))
    }
    return steps.sorted { $0.seconds > $1.seconds }
      .map { Result.Entry(step: $0.step, milliseconds: $0.seconds * 1000) }
  }

  static func peakMemory() -> Int {
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
