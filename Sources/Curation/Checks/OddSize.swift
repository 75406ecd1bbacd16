/// Finds pictures that are much larger, smaller or differently shaped than the others of the dataset.
///
/// A picture is compared with the median side (the root of its area) and with the median shape (width by height): the
/// score is the smaller of the two ratios, turned so that it is at most 1.
public struct OddSize: Check {
  /// The name used in recipes and reports.
  public static let name = "odd-size"
  /// What it finds.
  public static let summary = "pictures much larger, smaller or differently shaped than the others"

  /// Samples that score below are flagged.
  public var threshold: Double

  /// Creates the check.
  public init() { self.init(threshold: 0.5) }

  /// Creates the check with a threshold of its own, 0 to 1.
  public init(threshold: Double) { self.threshold = threshold }

  /// Compares the sizes that the samples say they have: no picture is decoded.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    let samples = try source.samples()
    let sides = samples.map { Double($0.width * $0.height).squareRoot() }
    let shapes = samples.map { Double($0.width) / Double($0.height) }
    let (usualSide, usualShape) = (median(sides), median(shapes))
    return samples.indices.compactMap { index in
      let score = min(ratio(sides[index], usualSide), ratio(shapes[index], usualShape))
      guard score < threshold else { return nil }
      let sample = samples[index]
      return Finding(
        check: Self.name, sample: sample.id, score: score,
        detail: "\(sample.width) x \(sample.height) pixels where about \(Int(usualSide.rounded())) a side are usual")
    }
  }

  private func ratio(_ a: Double, _ b: Double) -> Double { min(a, b) / max(a, b) }

  private func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 1 }
    return values.sorted()[values.count / 2]
  }
}
