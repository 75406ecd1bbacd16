internal import Randomness

/// Saliency of the mean derivative over noisy copies of the picture: what one copy's chance bends is averaged out.
///
/// Source: Smilkov et al. 2017.
public struct SmoothGrad: Explainer {
  /// The name on the command line.
  public let name = "smooth-grad"
  /// One line for listings.
  public let summary = "Saliency averaged over noisy copies of the picture"
  /// Noisy copies of a picture.
  public var copies: Int
  /// The noise's standard deviation as a share of the picture's range.
  public var noise: Float
  /// Where chance starts.
  public var seed: UInt64

  /// Creates the method.
  public init(copies: Int = 32, noise: Float = 0.15, seed: UInt64 = 7) {
    self.copies = copies
    self.noise = noise
    self.seed = seed
  }

  /// Explains all pictures.
  public func explain(_ questions: [Question], of probe: Probe) throws -> [Explanation] {
    var sums = [[Float]](repeating: [Float](repeating: 0, count: probe.inputCount), count: questions.count)
    let deviations = questions.map { noise * (($0.input.max() ?? 0) - ($0.input.min() ?? 0)) }
    try probe.backward(
      questions.count * copies, target: { questions[$0 / copies].target },
      writing: { index, target in
        let (question, copy) = (index / copies, index % copies)
        // The same noise for every picture: what differs between their maps is what differs between them.
        var generator = SeededGenerator(seed: seed, "smooth-grad", String(copy))
        for (i, value) in questions[question].input.enumerated() {
          target[i] = value + deviations[question] * Float(generator.normal())
        }
      },
      reading: { index, pass in
        for (i, value) in pass.inputGradient.enumerated() { sums[index / copies][i] += value }
      })
    return sums.map { Explanation(map: .strongest(of: $0.map { $0 / Float(copies) }, probe)) }
  }
}
