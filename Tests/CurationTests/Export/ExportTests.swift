import Foundation
import Imaging
import TestSupport
import Testing

@testable import Curation

struct ExportTests {
  @Test("The csv of an ingested csv is the same file, byte for byte")
  func sameCSV() throws {
    try withTemporaryDirectory { folder in
      let store = try TestDatasets.store()
      let report = try Export.run(formats: ["fer-csv"], of: store, to: folder.path + "/out")[0]
      #expect(report == ExportReport(format: "fer-csv", written: 28, rejected: [], notes: []))
      let text = try String(contentsOfFile: folder.path + "/out/fer.csv", encoding: .utf8)
      #expect(text == TestDatasets.csv(TestDatasets.rows))
    }
  }

  @Test("Excluded samples are left out, copies rendered, other pictures converted, samples without label listed")
  func csvOfCurated() throws {
    try withTemporaryDirectory { folder in
      let colour = try PNGCodec.encode(TestImages.face(seed: 50, height: 60, width: 64, channels: 3))
      try folder.write(colour, to: "in/happy/c.png")
      let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(3)))
      _ = try Ingest.run(sources: [folder.path + "/in"], into: store)
      try store.addDerived([Derivation(parent: 3, operations: [.flip])], actor: "rule x", run: nil, reason: "")
      try store.apply(
        [
          LabelChange(sample: 1, field: .excluded, to: "true", reason: ""),
          LabelChange(sample: 2, field: .label, to: nil, reason: ""),
        ], actor: "rule x", run: nil)
      let report = try Export.run(formats: ["fer-csv"], of: store, to: folder.path + "/out")[0]
      #expect(report.written == 3)
      #expect(report.rejected.map(\.item) == ["row-0000001"])
      #expect(report.notes == ["1 pictures were converted to 48 x 48 gray"])
      let again = try DatasetStore.inMemory()
      #expect(try Ingest.run(sources: [folder.path + "/out/fer.csv"], into: again).added == 3)
      let samples = try again.samples()
      #expect(samples.map(\.label) == ["fear", "happy", "fear"])
      #expect(try again.image(of: samples[2]) == TestDatasets.rows[2].image.flipped())
    }
  }

  @Test("Folders that were exported give the same dataset again, and the same export")
  func foldersAndBack() throws {
    try withTemporaryDirectory { folder in
      try folder.write(PNGCodec.encode(TestImages.face(seed: 60, channels: 3)), to: "in/happy/odd, \"name\".png")
      try folder.write(JPEGCodec.encode(TestImages.face(seed: 61), quality: 90), to: "in/sad/b.jpg")
      let store = try TestDatasets.store(TestDatasets.rows + [TestRow(6, seed: 0)])
      _ = try Ingest.run(sources: [folder.path + "/in"], into: store)
      try store.addDerived(
        [Derivation(parent: 2, operations: [.flip]), Derivation(parent: 2, operations: [.brightness(delta: 5)])],
        actor: "rule x", run: nil, reason: "")
      try store.apply(
        [
          LabelChange(sample: 4, field: .label, to: nil, reason: ""),
          LabelChange(sample: 5, field: .excluded, to: "true", reason: ""),
        ], actor: "rule x", run: nil)
      let report = try Export.run(formats: ["image-folder"], of: store, to: folder.path + "/one")[0]
      #expect(report.written == 32)

      let again = try DatasetStore.inMemory()
      let ingested = try Ingest.run(sources: [folder.path + "/one"], into: again)
      #expect(ingested.added == 32 && ingested.rejected == 0)
      func facts(_ store: DatasetStore) throws -> [[String?]] {
        try store.samples().map { [$0.key, $0.split.rawValue, $0.label, $0.group, $0.pixelHash] }
      }
      #expect(try facts(again) == facts(store))
      #expect(try again.classes() == store.classes())
      let jpeg = try store.sample(key: "sad/b.jpg")
      #expect(try again.originalBytes(of: again.sample(key: "sad/b.jpg")) == store.originalBytes(of: jpeg))

      let metadata = try String(contentsOfFile: folder.path + "/one/train/metadata.csv", encoding: .utf8)
      let table = try CSVTable(Array(metadata.utf8), name: "metadata.csv")
      let copy = try #require(table.rows.first { $0[2] == "row-0000001#001" })
      #expect(
        copy
          == [
            "disgust/row-0000001-001.png", "disgust", "row-0000001#001", "family:row-0000001", "30",
            "disgust", "row-0000001", #"[{"op":"flip"}]"#,
          ].enumerated().map { $0 == 4 ? copy[4] : $1 })
    }
  }

  @Test("The same dataset gives the same bytes")
  func determinism() throws {
    try withTemporaryDirectory { folder in
      let store = try TestDatasets.store()
      for name in ["a", "b"] {
        _ = try Export.run(formats: ["image-folder", "fer-csv"], of: store, to: folder.path + "/" + name)
      }
      let files = try FolderListing.files(in: folder.path + "/a")
      #expect(files.count == 28 + 3 + 1 + 1)
      #expect(try FolderListing.files(in: folder.path + "/b") == files)
      for file in files {
        #expect(
          FileManager.default.contentsEqual(
            atPath: folder.path + "/a/" + file, andPath: folder.path + "/b/" + file))
      }
    }
  }

  @Test("A folder that is not empty is left alone unless told otherwise, and then keeps what is not written")
  func overwriting() throws {
    try withTemporaryDirectory { folder in
      let store = try TestDatasets.store()
      let target = folder.path + "/out"
      try folder.write("mine", to: "out/notes.txt")
      #expect(throws: CurationError.folderNotEmpty(target)) {
        try Export.run(formats: ["fer-csv"], of: store, to: target)
      }
      for _ in 0..<2 { _ = try Export.run(formats: ["fer-csv"], of: store, to: target, overwrite: true) }
      #expect(try FolderListing.files(in: target) == ["fer.csv", "notes.txt"])
    }
  }

  @Test("A stopped export leaves no trace")
  func stopping() throws {
    try withTemporaryDirectory { folder in
      let store = try TestDatasets.store()
      #expect(throws: CancellationError.self) {
        try Export.run(formats: ["image-folder"], of: store, to: folder.path + "/out") { _, _ in
          throw CancellationError()
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("What cannot be exported, or not there, is said")
  func failures() throws {
    let store = try TestDatasets.store()
    #expect(throws: CurationError.unknownFormat("x", known: ["fer-csv", "image-folder"])) {
      try Export.run(formats: ["x"], of: store, to: "/nowhere/none")
    }
    #expect(throws: CurationError.nothingToExport) {
      try Export.run(formats: ["fer-csv"], of: .inMemory(), to: "/nowhere/none")
    }
    let error = #expect(throws: CurationError.self) {
      try Export.run(formats: ["fer-csv"], of: store, to: "/proc/none/out")
    }
    #expect(error?.description.hasPrefix("cannot write /proc/none/") ?? false)
    try withTemporaryDirectory { folder in
      let file = try folder.write("x", to: "file")
      #expect(throws: CurationError.cannotWrite(path: file, reason: "it is a file, not a folder")) {
        try Export.run(formats: ["fer-csv"], of: store, to: file)
      }
    }
  }
}
