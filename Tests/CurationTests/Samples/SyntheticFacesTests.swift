import Curation
import Foundation
import Imaging
import Randomness
import Testing

@testable import Curation

struct SyntheticFacesTests {
  private let small = SyntheticFaces.Options(count: 140, noise: 0.1, seed: 3, duplicates: 8, blanks: 2, nonFaces: 4)

  @Test func `The same seed draws the same dataset and another seed another one`() throws {
    let first = try SyntheticFaces.dataset(small)
    var other = small
    other.seed = 4
    #expect(try SyntheticFaces.dataset(small) == first)
    #expect(try SyntheticFaces.dataset(other).map(\.image) != first.map(\.image))
  }

  @Test func `Flawed rows look as their notes say`() throws {
    let samples = try SyntheticFaces.dataset(small)
    var notes: [String: Int] = [:]
    for sample in samples {
      notes[sample.flaw.map { String($0.note.prefix { $0 != " " }) } ?? "", default: 0] += 1
      switch sample.flaw {
      case .blank:
        #expect(Set(sample.image.pixels).count == 1 && sample.truth == nil)
      case .notAFace:
        #expect(Set(sample.image.pixels).count > 1 && sample.truth == nil)
      case .copy(let row):
        #expect(sample.image == samples[row].image && sample.given == samples[row].given)
      case .conflictingCopy(let row):
        #expect(sample.image == samples[row].image && sample.given != samples[row].given)
      case .wrongLabel:
        #expect(sample.truth != sample.given)
      case nil:
        #expect(sample.truth == sample.given)
      }
    }
    #expect(notes["blank"] == 2 && notes["not-a-face"] == 4 && notes["copy-of"] == 6)
    #expect(notes["conflicting-copy-of"] == 2 && notes["wrong-label"] == 9)
  }

  @Test func `Only what is noted as a copy is a copy`() throws {
    let samples = try SyntheticFaces.dataset(small)
    let copies = samples.filter {
      switch $0.flaw {
      case .copy, .conflictingCopy: true
      default: false
      }
    }
    #expect(Set(samples.map(\.image)).count == samples.count - copies.count)
  }

  @Test func `Expressions differ more from neutral the stronger they are`() {
    for expression in FaceExpression.allCases where expression != .neutral {
      func distance(_ intensity: Double) -> Double {
        // The same draws for both, so that only the intensity differs.
        func picture(_ intensity: Double) -> Image {
          var generator = SeededGenerator(seed: 5)
          let identity = FaceIdentity(using: &generator)
          return SyntheticFaces.image(
            expression: expression, intensity: intensity, identity: identity, using: &generator)
        }
        let (rest, moved) = (picture(0), picture(intensity))
        return zip(rest.pixels, moved.pixels).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
      }
      #expect(distance(0.3) > 0)
      #expect(distance(1) > distance(0.3))
    }
  }

  @Test func `Prototypes move the action units that define them`() {
    func mean(_ action: KeyPath<FaceActions, Double>, _ expression: FaceExpression) -> Double {
      var generator = SeededGenerator(seed: 1)
      return (0..<200).reduce(0) { sum, _ in
        sum + FaceActions.showing(expression, intensity: 1, using: &generator)[keyPath: action]
      } / 200
    }
    #expect(mean(\.lipCornerPull, .happy) > 0.7)
    #expect(mean(\.browLower, .angry) > 0.7)
    #expect(mean(\.noseWrinkle, .disgust) > 0.7)
    #expect(mean(\.lipStretch, .fear) > 0.7)
    #expect(mean(\.lipCornerDepress, .sad) > 0.7)
    #expect(mean(\.jawDrop, .surprise) > 0.7)
    #expect(FaceActions.all.allSatisfy { mean($0, .neutral) < 0.1 })
  }

  @Test(arguments: [
    (
      SyntheticFaces.Options(count: 50),
      "50 pictures are too few for seven classes in three splits: ask for at least 140"
    ),
    (SyntheticFaces.Options(noise: 1.5), "1.5 is no share of wrong labels: give a number from 0 to 0.9"),
    (
      SyntheticFaces.Options(count: 200, duplicates: 60),
      "64 copies, blanks and non-faces in 200 pictures: they may be a quarter at most, and none may be negative"
    ),
  ]) func `Impossible options are refused in words`(options: SyntheticFaces.Options, message: String) {
    let error = #expect(throws: SyntheticFacesError.self) { try SyntheticFaces.dataset(options) }
    #expect(error?.description == message)
  }

  @Test func `Progress can stop the drawing`() {
    #expect(throws: CancellationError.self) {
      try SyntheticFaces.dataset(small) { _, _ in throw CancellationError() }
    }
  }

  @Test func `A contact sheet has one row for each expression`() throws {
    let sheet = try #require(ContactSheet.expressions(columns: 2, magnification: 1))
    #expect(sheet.height == 7 * 48 && sheet.width == 2 * 48)
    #expect(ContactSheet.image(rows: []) == nil)
  }
}
