import Curation
import Foundation
import Imaging
import Testing

@testable import Curation

struct SyntheticWritingTests {
  @Test func `The csv, the truth, the folders and the votes tell the same story`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fercure-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = SyntheticFaces.Options(count: 140, seed: 9, folders: true, votes: true)
    let samples = try SyntheticFaces.write(to: folder, options)

    let rows = try String(contentsOf: folder.appending(path: "faces.csv"), encoding: .utf8).split(separator: "\n")
    let truth = try String(contentsOf: folder.appending(path: "truth.csv"), encoding: .utf8).split(separator: "\n")
    let votes = try String(contentsOf: folder.appending(path: "votes.csv"), encoding: .utf8).split(separator: "\n")
    #expect(rows[0] == "emotion,pixels,Usage")
    #expect(truth[0] == "key,split,given,true,note")
    #expect(rows.count == 141 && truth.count == 141 && votes.count == 141)
    for sample in samples {
      let cells = rows[sample.row + 1].split(separator: ",")
      #expect(cells[0] == "\(sample.given.number)")
      #expect(cells[1].split(separator: " ").compactMap { UInt8($0) } == sample.image.pixels)
      #expect(truth[sample.row + 1].hasPrefix("\(sample.key),\(sample.split),\(sample.given),"))
      let counts = votes[sample.row + 1].split(separator: ",").dropFirst(2).compactMap { Int($0) }
      #expect(counts.count == 10 && [0, 10].contains(counts.reduce(0, +)))
    }
    let known = votes.dropFirst().count { !$0.hasSuffix(",0,0,0,0,0,0,0,0,0,0") }
    #expect((50...90).contains(known), "half of 140 rows have votes, give or take three standard deviations")
    let sample = samples[100]
    let path = "folders/\(sample.split.rawValue)/\(sample.given.rawValue)/\(sample.key).png"
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: path)))
    #expect(try bytes.withUnsafeBytes { try PNGCodec.decode($0).image } == sample.image)

    let error = #expect(throws: SyntheticFacesError.self) { try SyntheticFaces.write(to: folder, options) }
    #expect(error?.description.hasSuffix("faces.csv exists already: choose another folder, or delete it first") == true)
  }

  @Test func `A folder that cannot be made is named`() throws {
    let folder = URL(filePath: "/dev/null/faces")
    let error = #expect(throws: SyntheticFacesError.self) {
      try SyntheticFaces.write(to: folder, .init(count: 140, folders: false))
    }
    #expect(error?.description.hasPrefix("cannot write /dev/null/faces: ") == true)
  }

  @Test func `Keys are those of csv rows`() {
    #expect(SyntheticSample.key(ofRow: 123) == "row-0000123")
    #expect(SyntheticSample.key(ofRow: 12_345_678) == "row-12345678")
  }
}
