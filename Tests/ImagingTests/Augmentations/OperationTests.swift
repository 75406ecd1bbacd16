import Foundation
import Imaging
import Randomness
import Testing

typealias Operation = Imaging.Operation

@Suite struct OperationTests {
  /// One of each, and the JSON that it must have.
  static let examples: [(Operation, String)] = [
    (.flip, #"{"op":"flip"}"#),
    (
      .rotate(degrees: -7.25, border: .reflect, filter: .bilinear),
      #"{"op":"rotate","degrees":-7.25,"border":"reflect","filter":"bilinear"}"#
    ),
    (
      .rotate(degrees: 90, border: .constant(0), filter: .nearest),
      #"{"op":"rotate","degrees":90,"border":0,"filter":"nearest"}"#
    ),
    (.translate(x: -3, y: 2, border: .edge), #"{"op":"translate","x":-3,"y":2,"border":"edge"}"#),
    (
      .zoom(factor: 1.05, border: .edge, filter: .bilinear),
      #"{"op":"zoom","factor":1.05,"border":"edge","filter":"bilinear"}"#
    ),
    (
      .affine(degrees: 4.25, factor: 0.95, x: 0, y: -2, border: .reflect, filter: .bilinear),
      #"{"op":"affine","degrees":4.25,"factor":0.95,"x":0,"y":-2,"border":"reflect","filter":"bilinear"}"#
    ),
    (.crop(top: 1, left: 2, height: 5, width: 4), #"{"op":"crop","top":1,"left":2,"height":5,"width":4}"#),
    (
      .resize(height: 20, width: 30, filter: .lanczos), #"{"op":"resize","height":20,"width":30,"filter":"lanczos"}"#
    ),
    (
      .erase(top: 0, left: 1, height: 2, width: 3, value: 128),
      #"{"op":"erase","top":0,"left":1,"height":2,"width":3,"value":128}"#
    ),
    (.brightness(delta: -12.5), #"{"op":"brightness","delta":-12.5}"#),
    (.contrast(factor: 0.1), #"{"op":"contrast","factor":0.1}"#),
    (.gamma(exponent: 1.2), #"{"op":"gamma","exponent":1.2}"#),
    (
      .gaussianNoise(sigma: 4.5, seed: 9_007_199_254_740_991),
      #"{"op":"gaussian-noise","sigma":4.5,"seed":9007199254740991}"#
    ),
    (.equalize, #"{"op":"equalize"}"#),
    (
      .shear(x: 8, y: -2.5, border: .reflect, filter: .bilinear),
      #"{"op":"shear","x":8,"y":-2.5,"border":"reflect","filter":"bilinear"}"#
    ),
    (.clahe(clipLimit: 2.5, tiles: 4), #"{"op":"clahe","clipLimit":2.5,"tiles":4}"#),
    (.blur(sigma: 0.75), #"{"op":"blur","sigma":0.75}"#),
    (.subtractPlane, #"{"op":"subtract-plane"}"#),
  ]

  @Test(arguments: examples)
  func `JSON is short, in a fixed order, and reads back exactly`(operation: Operation, json: String) throws {
    #expect(operation.json == json)
    #expect(try JSONDecoder().decode(Operation.self, from: Data(json.utf8)) == operation)
    let encoded = try JSONEncoder().encode(operation)
    #expect(try JSONDecoder().decode(Operation.self, from: encoded) == operation)
  }

  @Test func `A list of operations is a JSON array`() throws {
    let operations = Self.examples.map(\.0)
    #expect(try [Operation](json: operations.json) == operations)
    #expect([Operation]().json == "[]")
    #expect(try [Operation](json: "[]") == [])
  }

  @Test func `Every double survives JSON`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let operations: [Operation] = [
        .brightness(delta: generator.normal() * 100),
        .gaussianNoise(sigma: generator.uniform(), seed: generator.next()),
      ]
      #expect(try [Operation](json: operations.json) == operations)
    }
  }

  @Test(arguments: [
    (#"{"op":"spin"}"#, "There is no operation 'spin'"),
    (#"{"op":"flip","speed":2}"#, "There is no 'speed' here; known are op"),
    (
      #"{"op":"zoom","factor":2,"border":"edge","filter":"cubic"}"#,
      "There is no filter 'cubic'; known are nearest, bilinear"
    ),
    (#"{"op":"crop","top":1}"#, "left"),
    (#"{"degrees":1}"#, "op"),
  ])
  func `Unknown names and missing parameters are refused`(json: String, words: String) {
    let error = #expect(throws: DecodingError.self) { try [Operation](json: "[\(json)]") }
    #expect("\(String(describing: error))".contains(words))
  }

  @Test(arguments: examples.map(\.0), [1, 3])
  func `Every operation is repeatable and gives the shape that it promises`(operation: Operation, channels: Int) throws
  {
    for image in [
      pattern(height: 9, width: 11, channels: channels),
      Image(height: 7, width: 7, channels: channels, filledWith: 255),
    ] {
      let result = try operation.applied(to: image)
      #expect(result.shape == operation.outputShape(for: image.shape))
      #expect(try operation.applied(to: image) == result)
    }
  }

  @Test func `Operations apply in order`() throws {
    let image = pattern(height: 4, width: 6)
    let operations: [Operation] = [.crop(top: 0, left: 0, height: 4, width: 3), .flip]
    #expect(try operations.applied(to: image) == image.cropped(top: 0, left: 0, height: 4, width: 3).flipped())
    #expect(try [Operation]().applied(to: image) == image)
    #expect(operations.outputShape(for: image.shape) == ImageShape(height: 4, width: 3))
    #expect(try [Operation.flip, .flip].applied(to: image) == image)
  }

  @Test(arguments: [
    (
      Operation.crop(top: 1, left: 0, height: 4, width: 4),
      "cannot apply crop: 4 x 4 pixels at row 1, column 0 do not lie inside 4 x 4"
    ),
    (
      .crop(top: .max, left: 0, height: 1, width: 1),
      "cannot apply crop: 1 x 1 pixels at row \(Int.max), column 0 do not lie inside 4 x 4"
    ),
    (.resize(height: 0, width: 4, filter: .nearest), "cannot apply resize: 0 x 4 pixels is no size of a picture"),
    (
      .resize(height: 65_500, width: 65_500, filter: .nearest),
      "cannot apply resize: 65500 x 65500 pixels is no size of a picture"
    ),
    (.rotate(degrees: .nan, border: .edge, filter: .nearest), "cannot apply rotate: nan degrees is no angle"),
    (
      .zoom(factor: 0, border: .edge, filter: .nearest),
      "cannot apply zoom: the factor 0.0 is not between 0.001 and 1000"
    ),
    (
      .affine(degrees: 0, factor: -1, x: 0, y: 0, border: .edge, filter: .nearest),
      "cannot apply affine: the factor -1.0 is not between 0.001 and 1000"
    ),
    (
      .translate(x: .min, y: 0, border: .edge),
      "cannot apply translate: a move by \(Int.min), 0 pixels is out of reach"
    ),
    (
      .erase(top: 0, left: 0, height: -1, width: 1, value: 0),
      "cannot apply erase: -1 x 1 pixels at row 0, column 0 is no rectangle"
    ),
    (.brightness(delta: .infinity), "cannot apply brightness: inf is no change of brightness"),
    (.contrast(factor: -1), "cannot apply contrast: the factor -1.0 is not zero or more"),
    (
      .shear(x: 85, y: 0, border: .edge, filter: .nearest),
      "cannot apply shear: a slant by 85.0, 0.0 degrees is not between -80 and 80"
    ),
    (.clahe(clipLimit: 0, tiles: 4), "cannot apply clahe: a clip limit of 0.0 and 4 tiles make no sense"),
    (.blur(sigma: -1), "cannot apply blur: the standard deviation -1.0 is not between 0 and 100"),
    (.gamma(exponent: 0), "cannot apply gamma: the exponent 0.0 is not above zero"),
    (
      .gaussianNoise(sigma: -1, seed: 0), "cannot apply gaussian-noise: the standard deviation -1.0 is not zero or more"
    ),
  ])
  func `Parameters that make no sense are errors of the data`(operation: Operation, words: String) {
    expectError(words) { try operation.applied(to: Image(height: 4, width: 4, filledWith: 0)) }
  }
}
