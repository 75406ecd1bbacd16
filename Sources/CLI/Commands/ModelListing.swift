import NeuralNet

/// What each network costs: parameters, multiply-adds, and images a second on this machine.
struct ModelListing {
  /// Rows and columns of the pictures.
  var size: Int
  /// Samples in a measured step.
  static let batch = 64

  /// One network.
  struct Line: Encodable {
    var name: String
    var summary: String
    var parameters: Int
    /// Multiplications, each with an addition, for one picture going forward.
    var multiplyAdds: Int
    /// Nil where it was not measured.
    var trainingImagesPerSecond: Double?
    var inferenceImagesPerSecond: Double?
  }

  /// All networks that take pictures of this size.
  ///
  /// - Parameter measuring: also times some steps of each, a second or two a network.
  func lines(measuring: Bool) throws -> [Line] {
    try Architecture.all.filter { $0.minimumSize <= size }.map { architecture in
      try Interrupt.check()
      let network = try Network(
        architecture.model(size: size, inputChannels: 1, classes: 7), inputShape: [1, 1, size, size], mode: .inference,
        seed: nil)
      var line = Line(
        name: architecture.name, summary: architecture.summary, parameters: network.parameterCount,
        multiplyAdds: network.multiplyAddsPerSample)
      if measuring {
        line.trainingImagesPerSecond = try speed(of: architecture.name, trains: true)
        line.inferenceImagesPerSecond = try speed(of: architecture.name, trains: false)
      }
      return line
    }
  }

  private func speed(of name: String, trains: Bool) throws -> Double {
    var options = BenchmarkCommand.Options()
    (options.model, options.size, options.batch, options.channels) = (name, size, Self.batch, 1)
    (options.activation, options.attention, options.precision) = (.relu, .none, .auto)
    let network = try BenchmarkedNetwork(options, trains: trains)
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for step in 0..<5 {
      let time = try clock.measure(network.takeStep) / .seconds(1)
      if step >= 2 { seconds.append(time) }
    }
    return Double(Self.batch) / seconds.sorted()[seconds.count / 2]
  }

  /// As a table.
  static func text(_ lines: [Line], size: Int) -> String {
    let isMeasured = lines.contains { $0.trainingImagesPerSecond != nil }
    var table = TextTable(
      header: ["model", "parameters", "multiply-adds at \(size) pixels"]
        + (isMeasured ? ["training, images/s here", "inference"] : []))
    table.rows = lines.map { line in
      let speeds = [line.trainingImagesPerSecond, line.inferenceImagesPerSecond].compactMap(\.self)
      return [line.name, millions(line.parameters), millions(line.multiplyAdds)]
        + speeds.map { Numbers.count(Int($0.rounded())) }
    }
    let summaries = lines.map { "\($0.name): \($0.summary)" }
    return ([table.text, ""] + summaries).joined(separator: "\n")
  }

  private static func millions(_ count: Int) -> String { Numbers.decimal(Double(count) / 1e6, places: 2) + " M" }
}
