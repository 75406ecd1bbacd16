internal import Randomness

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A linear model of the class's probability around the picture: how much it rises with each superpixel that is shown.
///
/// The superpixels are cut on the picture's own values, gray or colour. A hidden one shows the mean of its values. Pictures with
/// half of them hidden at random are weighed by how much they show, exp(-d^2 / 2 0.25^2) with d = 1 - sqrt(shown / all), the
/// cosine distance to the whole picture; the fit is a ridge regression with penalty 1.
/// Source: Ribeiro, Singh and Guestrin 2016, with the numbers of the authors' package.
public struct LIME: Explainer {
  /// What is explained.
  public enum Answer: Sendable {
    /// The class's probability.
    case confidence
    /// The class's logit.
    case score
  }

  /// The name on the command line.
  public let name = "lime"
  /// One line for listings.
  public let summary = "A linear model of the class's probability over superpixels that are shown or hidden"
  /// Pictures with superpixels hidden; the first hides none.
  public var samples: Int
  /// About how many superpixels.
  public var segments: Int
  /// What is explained.
  public var answer: Answer
  /// The penalty on the coefficients.
  public var penalty: Double
  /// The width of the kernel that weighs by distance.
  public var kernelWidth: Double
  /// Where chance starts.
  public var seed: UInt64

  /// Creates the method.
  public init(
    samples: Int = 1000, segments: Int = 64, answer: Answer = .confidence, penalty: Double = 1,
    kernelWidth: Double = 0.25, seed: UInt64 = 7
  ) {
    precondition(samples > 1, "A linear fit needs more than one sample")
    self.samples = samples
    self.segments = segments
    self.answer = answer
    self.penalty = penalty
    self.kernelWidth = kernelWidth
    self.seed = seed
  }

  /// Explains all pictures; the measures are `R2`, the share of the variance that the linear model explains, and
  /// `segments`.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    try questions.map { question in
      let patches = Superpixels(question.input, height: probe.height, width: probe.width, wanted: segments)
      return try explain(question, patches: patches, of: probe)
    }
  }

  /// Explains a picture by given patches.
  public func explain(_ question: Question, patches: Superpixels, of probe: Probe) throws -> Explanation {
    let fit = try fit(question, patches: patches, of: probe)
    return Explanation(
      map: HeatMap(
        height: probe.height, width: probe.width, values: patches.labels.map { Float(fit.coefficients[$0]) },
        isSigned: true),
      measures: ["R2": fit.r2, "segments": Double(patches.count)])
  }

  /// The linear model.
  func fit(_ question: Question, patches: Superpixels, of probe: Probe) throws -> WeightedRidge {
    let masks = (0..<samples).map { sample in
      guard sample > 0 else { return [Bool](repeating: true, count: patches.count) }
      var generator = SeededGenerator(seed: seed, "lime", String(sample))
      return (0..<patches.count).map { _ in generator.next() >> 63 == 1 }
    }
    let hidden = Self.hidden(question.input, patches)
    let plane = patches.labels.count
    var answers: [Double] = []
    try probe.forwardVariants(
      samples,
      writing: { sample, target in
        let mask = masks[sample]
        for start in stride(from: 0, to: target.count, by: plane) {
          for i in 0..<plane {
            target[start + i] = mask[patches.labels[i]] ? question.input[start + i] : hidden[start + i]
          }
        }
      },
      reading: { _, pass in
        let value = answer == .score ? question.target.score(pass.logits) : question.target.confidence(pass.logits)
        answers.append(Double(value))
      })
    let weights = masks.map { mask in
      let distance = 1 - (Double(mask.count { $0 }) / Double(mask.count)).squareRoot()
      return exp(-distance * distance / (2 * kernelWidth * kernelWidth))
    }
    return try WeightedRidge(
      rows: masks.flatMap { $0.map { $0 ? 1 : 0 } }, y: answers, weights: weights, penalty: penalty)
  }

  /// The picture with the mean of its patch at every pixel.
  static func hidden(_ input: [Float], _ patches: Superpixels) -> [Float] {
    let plane = patches.labels.count
    var result = input
    for start in stride(from: 0, to: input.count, by: plane) {
      var (sums, counts) = ([Float](repeating: 0, count: patches.count), [Float](repeating: 0, count: patches.count))
      for i in 0..<plane {
        sums[patches.labels[i]] += input[start + i]
        counts[patches.labels[i]] += 1
      }
      for i in 0..<plane { result[start + i] = sums[patches.labels[i]] / counts[patches.labels[i]] }
    }
    return result
  }
}
