import Foundation
import Imaging
import Randomness
import Testing

@Suite struct RecipeTests {
  private func read(_ json: String) throws -> Compose {
    try JSONDecoder().decode(Compose.self, from: Data(json.utf8))
  }

  @Test func `A recipe names augmentations and gives what differs from the defaults`() throws {
    let steps = try read(
      #"[{"name":"flip"},{"name":"rotate","degreesRange":[-10,10],"border":0},{"name":"upsample","size":96,"filter":"bicubic"}]"#
    ).steps
    #expect(steps.count == 3)
    #expect(steps[0] as? Flip == Flip())
    #expect(steps[1] as? Rotate == Rotate(degreesRange: -10...10, border: .constant(0)))
    #expect(steps[2] as? Upsample == Upsample(size: 96, filter: .bicubic))
  }

  @Test func `Every augmentation reads from its name alone and survives being written`() throws {
    for type in Augmentations.all {
      let recipe = try read(#"[{"name":"\#(type.name)"}]"#)
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let written = try encoder.encode(recipe)
      let again = try encoder.encode(try JSONDecoder().decode(Compose.self, from: written))
      #expect(written == again)
      #expect(String(decoding: written, as: UTF8.self).contains(#""name":"\#(type.name)""#))
      var (first, second) = (SeededGenerator(seed: 9), SeededGenerator(seed: 9))
      let shape = ImageShape(height: 48, width: 48)
      let copy = try JSONDecoder().decode(Compose.self, from: written)
      #expect(recipe.operations(for: shape, using: &first) == copy.operations(for: shape, using: &second))
    }
  }

  @Test func `The written form is the whole configuration`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let written = try encoder.encode(Compose([Rotate(degreesRange: -5...5)]))
    #expect(
      String(decoding: written, as: UTF8.self)
        == #"[{"border":"reflect","degreesRange":[-5,5],"filter":"bilinear","name":"rotate"}]"#)
  }

  @Test(arguments: [
    (#"[{"name":"flip","probabilty":1}]"#, "There is no 'probabilty' here; known are name, probability"),
    (#"[{"name":"flip","probability":2}]"#, "'probability' is 2.0, not 0.0 to 1.0"),
    (#"[{"name":"rotate","degreesRange":[5,-5]}]"#, "'degreesRange' is [5.0, -5.0], not two rising numbers"),
    (#"[{"name":"rotate","degreesRange":[5]}]"#, "'degreesRange' is [5.0], not two rising numbers"),
    (#"[{"name":"zoom","factorRange":[0,1]}]"#, "within 0.1 to 10.0"),
    (#"[{"name":"upsample","size":0}]"#, "'size' is 0, not 1 to 4096"),
    (
      #"[{"name":"upsample","filter":"cubic"}]"#,
      "There is no filter 'cubic'; known are nearest, bilinear, bicubic, lanczos"
    ),
    (#"[{"size":0}]"#, "name"),
  ])
  func `Misspelt and wild settings are refused`(json: String, words: String) {
    let error = #expect(throws: DecodingError.self) { try read(json) }
    #expect("\(String(describing: error))".contains(words))
  }

  @Test func `An unknown augmentation lists the known ones`() {
    #expect(
      throws: ImagingError.unknownName(kind: "augmentation", name: "flop", known: Augmentations.all.map { $0.name })
    ) {
      try read(#"[{"name":"flop"}]"#)
    }
  }
}
