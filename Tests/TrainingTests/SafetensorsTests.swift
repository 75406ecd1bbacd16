import Foundation
import NeuralNet
import Testing

@testable import Training

@Suite struct SafetensorsTests {
  private let contents = Safetensors.Contents(
    tensors: [
      NamedTensor(name: "fc.weight", shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 6]),
      NamedTensor(name: "fc.bias", shape: [2], values: [0.25, -1]),
      NamedTensor(name: "count", shape: [], values: [7]),
    ], metadata: ["format": "pt", "note": "größer/kleiner"])

  @Test func `what is written is read back`() throws {
    let data = try Safetensors.encode(contents)
    let read = try Safetensors.decode(data, path: "x")
    #expect(read == contents)
    #expect(try Safetensors.encode(contents) == data, "the same contents give the same bytes")
  }

  @Test func `half, bfloat16, double and integer tensors become floats`() throws {
    func file(_ type: String, _ bytes: [UInt8], _ shape: String) -> Data {
      let header = Data(
        #"{"x":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(bytes.count)]}}"#.utf8)
      var data = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
      data += header
      data += Data(bytes)
      return data
    }
    func values(_ data: Data) throws -> [Float] { try Safetensors.decode(data, path: "x").tensors[0].values }
    let halves: [UInt8] = [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c]
    #expect(try values(file("F16", halves, "[4]")) == [1, -2, 0x1p-24, .infinity])
    #expect(try values(file("BF16", [0x80, 0x3f, 0x40, 0xc0], "[2]")) == [1, -3])
    #expect(try values(file("F64", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], "[1]")) == [1])
    #expect(try values(file("I64", [42, 0, 0, 0, 0, 0, 0, 0], "[]")) == [42])
    #expect(throws: TrainingError.notSafetensors("x", reason: "tensor x has the type U8")) {
      try values(file("U8", [1], "[1]"))
    }
  }

  @Test func `damaged files are errors that say what is wrong`() throws {
    let data = try Safetensors.encode(contents)
    #expect(throws: TrainingError.notSafetensors("x", reason: "it has 3 bytes")) {
      try Safetensors.decode(data.prefix(3), path: "x")
    }
    #expect(throws: TrainingError.self) { try Safetensors.decode(data.prefix(data.count - 1), path: "x") }
    #expect(throws: TrainingError.notSafetensors("x", reason: "its header is longer than the file")) {
      try Safetensors.decode(Data(repeating: 0xff, count: 64), path: "x")
    }
    // Numbers that no file has: sums and products of them overflow.
    for entry in [
      #""shape":[1],"data_offsets":[0,9223372036854775807]"#, #""shape":[-1],"data_offsets":[0,0]"#,
      #""shape":[2147483648,2147483648,4],"data_offsets":[0,0]"#,
    ] {
      let header = Data("{\"x\":{\"dtype\":\"F32\",\(entry)}}".utf8)
      #expect(throws: TrainingError.notSafetensors("x", reason: "its entry x makes no sense")) {
        try Safetensors.decode(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header, path: "x")
      }
    }
    var broken = data
    broken[8] = UInt8(ascii: "x")
    #expect(throws: TrainingError.notSafetensors("x", reason: "its header is not JSON")) {
      try Safetensors.decode(broken, path: "x")
    }
  }

  @Test func `a file appears whole, over the half one that a killed run left`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "a.safetensors")
    try Data("half".utf8).write(to: folder.appending(path: "a.safetensors.partial"))
    for _ in 0..<2 { try Safetensors.write(contents, to: url) }
    #expect(try Safetensors.read(url) == contents)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
    // What cannot be written leaves nothing.
    let taken = folder.appending(path: "taken")
    try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
    #expect(throws: TrainingError.self) { try Safetensors.write(contents, to: taken) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.safetensors", "taken"])
  }

  @Test(arguments: [
    #""channels":2"#, #""size":-5"#, #""size":8"#, #""size":100000"#, #""deviation":0"#, #""classes":[]"#,
  ])
  func `a card that no network has is an error`(_ flaw: String) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let card = TrainedModel.Card(
      model: "vgg-mini", classes: ["a", "b"], size: 48, channels: 1, activation: .relu, attention: .none,
      hasImportance: false, mean: 0.5, deviation: 0.25, epoch: 1, version: "1")
    func object(_ text: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    func write(_ card: [String: Any]) throws {
      let text = String(decoding: try JSONSerialization.data(withJSONObject: card), as: UTF8.self)
      try Safetensors.write(Safetensors.Contents(tensors: [], metadata: ["fercure.model": text]), to: url)
    }
    let right = try object(RecipeFile.json(card))
    try write(right)
    #expect(try TrainedModel(contentsOf: url).card.size == 48)
    try write(right.merging(try object("{\(flaw)}")) { $1 })
    #expect { try TrainedModel(contentsOf: url) } throws: { "\($0)".contains("no network is like that: ") }
  }

  @Test func `tensors without a card are no model`() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try Safetensors.write(contents, to: url)
    #expect(throws: TrainingError.notAModel(url.path(percentEncoded: false))) { try TrainedModel(contentsOf: url) }
  }
}
