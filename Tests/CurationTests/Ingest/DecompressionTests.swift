import Foundation
import TestSupport
import Testing

@testable import Curation

struct DecompressionTests {
  private func compress(_ tool: String, _ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool, "-k", path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  @Test(
    "Compressed files are read through the system's decompressor, whatever they are called", arguments: ["gzip", "xz"])
  func compressed(tool: String) throws {
    try withTemporaryDirectory { folder in
      let path = try folder.write(TestDatasets.csv(TestDatasets.rows), to: "fer.csv")
      try compress(tool, path)
      let packed = path + (tool == "gzip" ? ".gz" : ".xz")
      let store = try DatasetStore.inMemory()
      #expect(try Ingest.run(sources: [packed], into: store).added == 28)
      // The same source as the file itself.
      #expect(try Ingest.run(sources: [path], into: store).unchanged == 28)
      let other = folder.path + "/fer.data"
      try FileManager.default.moveItem(atPath: packed, toPath: other)
      #expect(try Ingest.run(sources: [other], into: .inMemory()).added == 28)
    }
  }

  @Test("A pipe is read from its first byte")
  func pipe() throws {
    try withTemporaryDirectory { folder in
      let path = folder.path + "/fer.csv"
      try #require(mkfifo(path, 0o600) == 0)
      let text = Data(TestDatasets.csv(TestDatasets.rows).utf8)
      let writer = Thread { FileHandle(forWritingAtPath: path)?.write(text) }
      writer.start()
      let store = try DatasetStore.inMemory()
      #expect(try Ingest.run(sources: [path], into: store).added == 28)
      #expect(try store.samples().allSatisfy { $0.label != nil })
    }
  }

  @Test("A damaged file is an error in the decompressor's words, and leaves nothing behind", arguments: ["gzip", "xz"])
  func damaged(tool: String) throws {
    try withTemporaryDirectory { folder in
      // Long enough that the damage is met after rows were read.
      let rows = (0..<60).map { TestRow($0 % 7, image: TestImages.noise(seed: UInt64($0))) }
      let path = try folder.write(TestDatasets.csv(rows), to: "fer.csv")
      try compress(tool, path)
      let packed = path + (tool == "gzip" ? ".gz" : ".xz")
      let bytes = [UInt8](FileManager.default.contents(atPath: packed) ?? Data())
      try folder.write(Array(bytes.dropLast(bytes.count / 3)), to: (packed as NSString).lastPathComponent)
      let store = try DatasetStore.inMemory()
      let error = #expect(throws: CurationError.self) { try Ingest.run(sources: [packed], into: store) }
      #expect(
        error?.description.contains("fer.csv cannot be decompressed: \(tool): ") ?? false)
      #expect(try store.samples().isEmpty)
    }
  }
}
