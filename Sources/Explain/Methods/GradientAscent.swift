internal import Randomness

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The picture that a channel or a class answers to most strongly, found by climbing from noise.
///
/// Each step moves by the derivative, scaled to an even length; the picture is then shrunk a little (L2 decay) and now and then
/// blurred, and the derivative is taken of the picture moved by a few pixels, so that no pattern of single pixels wins.
/// Source: Simonyan et al. 2013; Yosinski et al. 2015.
public struct GradientAscent: Sendable {
  /// What is climbed.
  public enum Goal: Sendable, Hashable {
    /// The mean of a channel's map.
    case channel(Int, layer: String)
    /// A class's logit.
    case label(Int)
  }

  /// A picture and how far it climbed.
  public struct Summit: Sendable, Equatable {
    /// What was climbed.
    public var goal: Goal
    /// The network's input, [C, H, W].
    public var input: [Float]
    /// The goal's value for the noise at the start.
    public var start: Float
    /// The goal's value at the end.
    public var end: Float
  }

  /// Steps.
  public var steps: Int
  /// The length of a step: standard deviations of the training pixels that a pixel moves, on average.
  public var rate: Float
  /// The share that the picture loses at each step.
  public var decay: Float
  /// The standard deviation of the blur, in pixels.
  public var blur: Float
  /// Steps from one blur to the next; 0 never blurs.
  public var blurEvery: Int
  /// The largest movement, in pixels.
  public var jitter: Int
  /// Where chance starts.
  public var seed: UInt64

  /// Creates the method.
  public init(
    steps: Int = 128, rate: Float = 0.1, decay: Float = 0.01, blur: Float = 0.6, blurEvery: Int = 4, jitter: Int = 2,
    seed: UInt64 = 7
  ) {
    self.steps = steps
    self.rate = rate
    self.decay = decay
    self.blur = blur
    self.blurEvery = blurEvery
    self.jitter = jitter
    self.seed = seed
  }

  /// Climbs all goals at once.
  public func climb(
    _ goals: [Goal], in probe: Probe, progress: (_ done: Int, _ total: Int?) throws -> Void = { _, _ in }
  ) throws -> [Summit] {
    let layers = try Self.layers(of: goals, in: probe)
    var pictures = goals.indices.map { index in
      var generator = SeededGenerator(seed: seed, "gradient-ascent", String(index))
      return (0..<probe.inputCount).map { _ in 0.1 * Float(generator.normal()) }
    }
    let starts = try values(of: goals, pictures, layers, probe)
    var generator = SeededGenerator(seed: seed, "gradient-ascent", "jitter")
    for step in 0..<steps {
      let (dy, dx) = (Self.draw(jitter, using: &generator), Self.draw(jitter, using: &generator))
      var gradients = [[Float]](repeating: [], count: goals.count)
      try probe.backward(
        goals.count, exposing: layers, seeding: { Self.seed(goals[$0], $1) },
        writing: { index, target in
          _ = target.update(fromContentsOf: Self.moved(pictures[index], dy, dx, probe))
        }, reading: { gradients[$0] = Array($1.inputGradient) })
      for (index, gradient) in gradients.enumerated() {
        let length = (gradient.reduce(0) { $0 + $1 * $1 } / Float(gradient.count)).squareRoot()
        guard length > 0, length.isFinite else { continue }
        let direction = Self.moved(gradient, -dy, -dx, probe)
        for i in direction.indices {
          pictures[index][i] = (pictures[index][i] + rate * direction[i] / length) * (1 - decay)
        }
        if blurEvery > 0, (step + 1) % blurEvery == 0 {
          pictures[index] = Blur(sigma: blur).applied(to: pictures[index], height: probe.height, width: probe.width)
        }
      }
      try progress(step + 1, steps)
    }
    let ends = try values(of: goals, pictures, layers, probe)
    return goals.indices.map { Summit(goal: goals[$0], input: pictures[$0], start: starts[$0], end: ends[$0]) }
  }

  private static func layers(of goals: [Goal], in probe: Probe) throws -> [String] {
    var layers: [String] = []
    for case .channel(let channel, let name) in goals {
      let layer = try probe.layer(name)
      guard (0..<layer.channels).contains(channel) else {
        throw ExplainError.unknownChannel(channel, layer: name, count: layer.channels)
      }
      if !layers.contains(name) { layers.append(name) }
    }
    return layers
  }

  private static func seed(_ goal: Goal, _ seeds: Probe.Seeds) {
    switch goal {
    case .label(let label): seeds.logits[label] = 1
    case .channel(let channel, let layer):
      let maps = seeds.maps(layer)
      let plane = seeds.plane(layer)
      maps[(channel * plane)..<((channel + 1) * plane)].update(repeating: 1 / Float(plane))
    }
  }

  private func values(of goals: [Goal], _ pictures: [[Float]], _ layers: [String], _ probe: Probe) throws -> [Float] {
    var result = [Float](repeating: 0, count: goals.count)
    try probe.forward(
      goals.count, exposing: layers, writing: { _ = $1.update(fromContentsOf: pictures[$0]) },
      reading: {
        index, pass in
        switch goals[index] {
        case .label(let label): result[index] = pass.logits[pass.logits.startIndex + label]
        case .channel(let channel, let name):
          let layer = try probe.layer(name)
          let plane = layer.height * layer.width
          let maps = pass.maps(name)
          let start = maps.startIndex + channel * plane
          result[index] = maps[start..<(start + plane)].reduce(0, +) / Float(plane)
        }
      })
    return result
  }

  private static func draw(_ range: Int, using generator: inout SeededGenerator) -> Int {
    range > 0 ? Int.random(in: -range...range, using: &generator) : 0
  }

  /// The values moved down and to the right; what leaves on one side comes back on the other.
  private static func moved(_ values: [Float], _ dy: Int, _ dx: Int, _ probe: Probe) -> [Float] {
    if dy == 0, dx == 0 { return values }
    let (height, width) = (probe.height, probe.width)
    var result = values
    for row in 0..<(values.count / width) {
      let (c, y) = (row / height, row % height)
      let from = (c * height + (y - dy + height) % height) * width
      for x in 0..<width { result[row * width + x] = values[from + (x - dx + width) % width] }
    }
    return result
  }
}

/// A Gaussian blur of [C, H, W] values; beyond the border the border's value counts.
struct Blur {
  private let weights: [Float]
  private var radius: Int { weights.count / 2 }

  /// Prepares a blur of the given standard deviation in pixels.
  init(sigma: Float) {
    let radius = max(1, Int((3 * sigma).rounded(.up)))
    let raw = (-radius...radius).map { exp(-Float($0 * $0) / (2 * max(1e-3, sigma * sigma))) }
    weights = raw.map { $0 / raw.reduce(0, +) }
  }

  /// Blurs.
  func applied(to values: [Float], height: Int, width: Int) -> [Float] {
    let channels = values.count / (height * width)
    var rows = [Float](repeating: 0, count: values.count)
    for line in 0..<(channels * height) {
      for x in 0..<width {
        for (tap, weight) in weights.enumerated() {
          rows[line * width + x] += weight * values[line * width + min(width - 1, max(0, x + tap - radius))]
        }
      }
    }
    var result = [Float](repeating: 0, count: values.count)
    for c in 0..<channels {
      for y in 0..<height {
        for (tap, weight) in weights.enumerated() {
          let from = (c * height + min(height - 1, max(0, y + tap - radius))) * width
          for x in 0..<width { result[(c * height + y) * width + x] += weight * rows[from + x] }
        }
      }
    }
    return result
  }
}
