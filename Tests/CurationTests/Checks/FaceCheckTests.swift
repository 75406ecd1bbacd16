import Imaging
import Randomness
import TestSupport
import Testing

@testable import Curation

struct FaceCheckTests {
  private static func face(_ seed: UInt64) -> Image {
    var generator = SeededGenerator(seed: seed, "FaceCheckTests")
    let identity = FaceIdentity(using: &generator)
    return SyntheticFaces.image(expression: .neutral, intensity: 0.5, identity: identity, using: &generator)
  }

  private func source(count: Int) -> ArraySource {
    var source = ArraySource()
    for seed in 0..<count { source.add(Self.face(UInt64(seed))) }
    return source
  }

  @Test func `Pictures that are no faces are outliers among faces`() throws {
    var source = source(count: 260)
    for seed in 0..<4 as Range<UInt64> { source.add(TestImages.noise(seed: seed)) }
    // A checkerboard, and a face with a bar before it.
    source.add(
      Image(height: 48, width: 48, pixels: (0..<2304).map { ($0 / 9 + $0 / 48 / 9) % 2 == 0 ? 20 : 230 }))
    let findings = try Outliers().findings(in: source) { _, _ in }
    let flagged = Set(findings.map(\.sample))
    #expect(flagged.isSuperset(of: 261...265))
    #expect(flagged.count { $0 <= 260 } <= 8, "hardly any face is flagged")
    let noise = findings.filter { (261...264).contains($0.sample) }.map(\.score).max() ?? 1
    #expect(noise < findings.filter { $0.sample <= 260 }.map(\.score).min() ?? 1)
    #expect(findings.allSatisfy { $0.detail.contains("% of the face is unlike the others, most of it ") })
  }

  @Test func `Few pictures are not judged by each other`() throws {
    #expect(try Outliers().findings(in: source(count: 60)) { _, _ in }.isEmpty)
  }

  @Test func `What is its own mirror image is symmetric, and light from one side does not matter`() {
    var symmetric = Image(height: 48, width: 48, filledWith: 0)
    var lit = symmetric
    var turned = symmetric
    for y in 0..<48 {
      for x in 0..<48 {
        let face = 120 + 50 * ((abs(x - 24) > 6 && abs(x - 24) < 14 && abs(y - 18) < 4) ? -1 : 0) + (y > 34 ? -30 : 0)
        symmetric[y, x] = UInt8(face)
        lit[y, x] = UInt8(min(255, face + 2 * x))
        turned[y, x] = UInt8(x < 20 && abs(y - 18) < 6 ? 30 : x + y > 70 ? 230 : 120 + (x * y) % 40)
      }
    }
    func symmetry(_ image: Image) -> Double {
      FaceSet.symmetry(of: FaceSet.even(FaceTable.face(of: image)[...]))
    }
    #expect(symmetry(symmetric) > 0.9)
    #expect(abs(symmetry(lit) - symmetry(symmetric)) < 0.05)
    #expect(symmetry(turned) < 0.5)
  }

  @Test func `A space of faces shows faces of it, and its directions are orthonormal`() {
    let faces = (0..<50).map { seed -> [Float] in
      var generator = SeededGenerator(seed: UInt64(seed), "space")
      let (a, b) = (Float(generator.normal()), Float(generator.normal()))
      return (0..<30).map { a * Float($0 % 3) + b * Float($0 % 5) + 1 }
    }
    let space = FaceSpace(of: faces)
    for face in faces { #expect(space.residual(of: face).allSatisfy { abs($0) < 1e-2 }) }
    for (i, a) in space.directions.enumerated() where a.contains(where: { $0 != 0 }) {
      for (j, b) in space.directions.enumerated() where b.contains(where: { $0 != 0 }) {
        let product = zip(a, b).reduce(Float(0)) { sum, pair in sum + pair.0 * pair.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-3)
      }
    }
    let other = (0..<30).map { Float($0 % 2) * 5 }
    #expect(space.residual(of: other).contains { abs($0) > 0.5 })
  }

  @Test func `Turned, nodding and leaning heads are told from frontal ones, the more the farther`() throws {
    let study = try PoseStudy(source(count: 600), count: 40)
    #expect(study.faces.count == 40)
    let rows = study.rows(degrees: [-30, 0, 20, 40])
    for axis in PoseStudy.Axis.allCases {
      let own = rows.filter { $0.axis == axis }
      let estimated = own.map(\.estimated)
      #expect(estimated == estimated.sorted(), "\(axis): \(estimated)")
      #expect(estimated[0] < -8 && abs(estimated[1]) < 6 && estimated[3] > 12)
      let separation = own.compactMap { $0.separation[ExtremePose.name] }
      #expect(separation[1] == 0.5, "faces that stay are no worse than themselves")
      #expect(separation[3] > 0.8 && separation[3] > separation[2], "\(axis): \(separation)")
    }
  }

  @Test func `A mirrored face has the mirrored pose`() throws {
    let faces = (0..<300).map { Self.face(UInt64($0)) }
    let model = try #require(HeadPoseModel(learningFrom: faces))
    for face in faces.prefix(20) {
      let (pose, mirrored) = (model(face), model(face.flipped()))
      #expect(abs(pose.turn + mirrored.turn) < 1 && abs(pose.nod - mirrored.nod) < 1)
      #expect(abs(pose.lean + mirrored.lean) < 1)
    }
    #expect(HeadPoseModel(learningFrom: Array(faces.prefix(100))) == nil, "too few to learn from")
  }

  @Test func `A pose is told in words`() {
    #expect(HeadPose(turn: -35.2, nod: 15, lean: 3).description == "turned 35° to the left, 15° down")
    #expect(HeadPose(turn: 2, nod: -20, lean: -12).description == "20° up, leaning 12° to the right")
    #expect(HeadPose(turn: 2, nod: 3, lean: 1).description == "nearly frontal")
    #expect(HeadPose(turn: 30, nod: 0, lean: -40).angle == 50)
  }

  @Test func `A study of poses says how many faces it needs`() {
    #expect(throws: ChecksError.tooFewFaces(60, needed: 210)) { try PoseStudy(source(count: 60), count: 10) }
  }
}
