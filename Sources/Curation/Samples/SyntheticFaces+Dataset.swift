import Dispatch
import Imaging
import Randomness
import Synchronization

extension SyntheticFaces {
  /// Draws the whole dataset: rows of training, validation and test, unbalanced like FER2013, with known flaws.
  ///
  /// Every row is drawn from its own random numbers, so that the same options give the same pixels on any number of
  /// cores.
  /// - Throws: `SyntheticFacesError` for impossible options; whatever `progress` throws.
  public static func dataset(_ options: Options, progress: Progress = { _, _ in }) throws -> [SyntheticSample] {
    try options.validate()
    let plan = SyntheticPlan(options)
    var samples: [SyntheticSample] = []
    samples.reserveCapacity(plan.rows.count)
    let batch = 256
    for start in stride(from: 0, to: plan.rows.count, by: batch) {
      let rows = Array(plan.rows[start..<min(plan.rows.count, start + batch)])
      let drawn = Mutex<[Int: SyntheticSample]>([:])
      DispatchQueue.concurrentPerform(iterations: rows.count) { index in
        let sample = draw(rows[index], number: start + index, seed: options.seed)
        drawn.withLock { $0[index] = sample }
      }
      samples += drawn.withLock { found in rows.indices.compactMap { found[$0] } }
      try progress(samples.count, plan.rows.count)
    }
    for index in samples.indices {
      switch samples[index].flaw {
      case .copy(let source), .conflictingCopy(let source):
        samples[index].image = samples[source].image
        samples[index].intensity = samples[source].intensity
      default: break
      }
    }
    return samples
  }

  private static func draw(_ row: SyntheticPlan.Row, number: Int, seed: UInt64) -> SyntheticSample {
    var generator = SeededGenerator(seed: seed, "synthetic-face", SyntheticSample.key(ofRow: number))
    let intensity = row.expression == .neutral ? 0 : generator.uniform(in: intensityRange)
    let image: Image
    var truth: FaceExpression? = row.expression
    switch row.flaw {
    case .blank:
      image = Image(
        height: FaceCanvas.side, width: FaceCanvas.side, filledWith: UInt8.random(in: 0...255, using: &generator))
      truth = nil
    case .notAFace:
      image = NonFaces.image(using: &generator)
      truth = nil
    default:
      let identity = FaceIdentity(using: &generator)
      image = Self.image(expression: row.expression, intensity: intensity, identity: identity, using: &generator)
    }
    return SyntheticSample(
      row: number, image: image, given: row.given, truth: truth, split: row.split, intensity: intensity, flaw: row.flaw)
  }
}
