import Imaging
import Randomness
import Testing

@Suite struct AugmentationTests {
  static let everyOne: [any Augmentation] = [
    Flip(), Rotate(), Translate(), Zoom(), Affine(fractionRange: -0.1...0.1), Shear(),
    RandomCrop(fractionRange: 0.3...1), FiveCrop(), TenCrop(), Upsample(size: 30), Jitter(gammaRange: 0.7...1.4),
    Equalize(), LocalEqualize(), SubtractPlane(), Blur(), Noise(), Erase(),
    Compose.standard,
  ]

  private func draw(_ augmentation: any Augmentation, seed: UInt64, shape: ImageShape) -> [Operation] {
    var generator = SeededGenerator(seed: seed)
    return augmentation.operations(for: shape, using: &generator)
  }

  @Test func `Every augmentation of the list is tested here, under its own name`() {
    #expect(Self.everyOne.dropLast().map { type(of: $0).name } == Augmentations.all.map { $0.name })
    #expect(Set(Augmentations.all.map { $0.name }).count == Augmentations.all.count)
    #expect(Augmentations.all.allSatisfy { !$0.summary.isEmpty })
  }

  @Test func `An unknown name lists the known ones`() {
    expectError(
      "there is no augmentation 'flop'; known are flip, rotate, translate, zoom, affine, shear, random-crop, five-crop, "
        + "ten-crop, upsample, jitter, equalize, clahe, subtract-plane, blur, noise, erase"
    ) { try Augmentations.named("flop") }
  }

  @Test(arguments: everyOne.indices)
  func `The same seed draws the same operations`(index: Int) {
    let augmentation = Self.everyOne[index]
    let shape = ImageShape(height: 48, width: 48)
    for seed in 0..<20 {
      #expect(
        draw(augmentation, seed: UInt64(seed), shape: shape) == draw(augmentation, seed: UInt64(seed), shape: shape))
    }
  }

  @Test(arguments: everyOne.indices)
  func `Seeds differ, unless nothing is left to chance`(index: Int) {
    let drawn = Set((0..<100).map { draw(Self.everyOne[index], seed: $0, shape: ImageShape(height: 48, width: 48)) })
    switch Self.everyOne[index] {
    case is Upsample, is SubtractPlane: #expect(drawn.count == 1)
    case is Flip, is Equalize: #expect(drawn.count == 2)
    case is FiveCrop: #expect(drawn.count == 5)
    case is TenCrop: #expect(drawn.count == 10)
    default: #expect(drawn.count > 15)
    }
  }

  @Test(arguments: everyOne.indices, [1, 3])
  func `Whatever is drawn can be applied and stored`(index: Int, channels: Int) throws {
    for (height, width) in [(1, 1), (2, 9), (17, 17)] {
      let image = pattern(height: height, width: width, channels: channels)
      for seed in 0..<15 {
        let operations = draw(Self.everyOne[index], seed: UInt64(seed), shape: image.shape)
        let result = try operations.applied(to: image)
        #expect(result.shape == operations.outputShape(for: image.shape))
        #expect(try [Operation](json: operations.json) == operations)
      }
    }
  }

  @Test func `Parameters stay in their ranges`() {
    let shape = ImageShape(height: 40, width: 50)
    for seed in 0..<300 as Range<UInt64> {
      for operation in draw(Rotate(degreesRange: -3...8), seed: seed, shape: shape) {
        guard case .rotate(let degrees, .reflect, .bilinear) = operation else {
          Issue.record("\(operation)")
          continue
        }
        #expect((-3...8).contains(degrees))
      }
      for operation in draw(Translate(fractionRange: -0.1...0.2, border: .edge), seed: seed, shape: shape) {
        guard case .translate(let x, let y, .edge) = operation else {
          Issue.record("\(operation)")
          continue
        }
        #expect((-5...10).contains(x) && (-4...8).contains(y))
      }
      for operation in draw(
        Affine(degreesRange: 2...5, factorRange: 0.8...0.9, fractionRange: -0.1...0.2, border: .edge), seed: seed,
        shape: shape)
      {
        guard case .affine(let degrees, let factor, let x, let y, .edge, .bilinear) = operation else {
          Issue.record("\(operation)")
          continue
        }
        #expect((2...5).contains(degrees) && (0.8...0.9).contains(factor))
        #expect((-5...10).contains(x) && (-4...8).contains(y))
      }
      for operation in draw(Erase(probability: 1, areaRange: 0.1...0.2, value: 7), seed: seed, shape: shape) {
        guard case .erase(let top, let left, let height, let width, 7) = operation else {
          Issue.record("\(operation)")
          continue
        }
        #expect(top >= 0 && left >= 0 && top + height <= 40 && left + width <= 50)
        // Sides are rounded to whole pixels.
        #expect((160...450).contains(height * width))
      }
      for operation in draw(Noise(sigmaRange: 2...3), seed: seed, shape: shape) {
        guard case .gaussianNoise(let sigma, let seed) = operation else {
          Issue.record("\(operation)")
          continue
        }
        #expect((2...3).contains(sigma) && seed < 1 << 53)
      }
    }
  }

  @Test func `Probabilities of zero and one leave nothing to chance`() {
    let shape = ImageShape(height: 8, width: 8)
    for seed in 0..<20 as Range<UInt64> {
      #expect(draw(Flip(probability: 1), seed: seed, shape: shape) == [.flip])
      #expect(draw(Flip(probability: 0), seed: seed, shape: shape) == [])
      #expect(draw(Erase(probability: 0), seed: seed, shape: shape) == [])
    }
    let flips = (0..<1000).count { draw(Flip(), seed: $0, shape: shape) == [.flip] }
    #expect((440...560).contains(flips))
  }

  @Test func `Ranges of one value that change nothing draw no operation`() {
    let still = Compose([
      Rotate(degreesRange: 0...0), Translate(fractionRange: 0...0), Zoom(factorRange: 1...1), Noise(sigmaRange: 0...0),
      Affine(degreesRange: 0...0, factorRange: 1...1), Jitter(brightnessRange: 0...0, contrastRange: 1...1),
      Upsample(size: 8),
    ])
    #expect(draw(still, seed: 1, shape: ImageShape(height: 8, width: 8)) == [])
  }

  @Test func `Each step sees the size that the steps before it leave`() {
    let steps = Compose([Upsample(size: 100), Translate(fractionRange: 0.5...0.5)])
    #expect(
      draw(steps, seed: 1, shape: ImageShape(height: 48, width: 48)) == [
        .resize(height: 100, width: 100, filter: .bilinear), .translate(x: 50, y: 50, border: .reflect),
      ])
  }

  @Test func `A short list names what is varied and how far`() throws {
    let steps = try Compose(parsing: "flip, rotate=10,jitter=0.2,upsample=96").steps
    #expect(steps[0] as? Flip == Flip())
    #expect(steps[1] as? Rotate == Rotate(degreesRange: -10...10))
    #expect(
      steps[2] as? Jitter
        == Jitter(brightnessRange: -51...51, contrastRange: 0.8...1.2, gammaRange: 0.8...1.2))
    #expect(steps[3] as? Upsample == Upsample(size: 96))
    #expect(
      try Compose(parsing: "affine=10").steps[0] as? Affine
        == Affine(degreesRange: -10...10, factorRange: 0.9...1.1, fractionRange: 0...0))
    for type in Augmentations.all { #expect(try Compose(parsing: type.name).steps.count == 1) }
    // The largest that is allowed is not a rounding error too much.
    #expect(try Compose(parsing: "zoom=0.9,jitter=0.9").steps.count == 2)
    expectError("cannot apply rotate: 'x' is no number") { try Compose(parsing: "rotate=x") }
    expectError("cannot apply rotate: 999.0 is not between 0.0 and 180.0") { try Compose(parsing: "rotate=999") }
    expectError("cannot apply subtract-plane: it takes no number") { try Compose(parsing: "subtract-plane=1") }
    #expect(throws: ImagingError.self) { try Compose(parsing: "") }
  }
}
