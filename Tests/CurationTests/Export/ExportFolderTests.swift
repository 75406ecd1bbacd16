import Foundation
import Imaging
import TestSupport
import Testing

@testable import Curation

/// Exports into folders that hold something already.
struct ExportFolderTests {
  private func export(_ store: DatasetStore, _ format: String, to folder: String) throws -> ExportReport {
    try Export.run(formats: [format], of: store, to: folder, overwrite: true)[0]
  }

  private func files(_ folder: String) throws -> Set<String> { Set(try FolderListing.files(in: folder)) }

  @Test("Pictures of an earlier export go where they are no longer written; what no export wrote stays and is told")
  func exportingAgain() throws {
    try withTemporaryDirectory { folder in
      let (out, fresh) = (folder.path + "/out", folder.path + "/fresh")
      let store = try TestDatasets.store()
      _ = try Export.run(formats: ["image-folder", "fer-csv"], of: store, to: out)
      let mine = ["notes.txt", "more/mine.png", "train/notes.txt", "train/happy/mine.png"]
      for file in mine { try folder.write("mine", to: "out/" + file) }
      let validation = try store.samples().filter { $0.split == .validation }
      try store.apply(
        [LabelChange(sample: 1, field: .label, to: "happy", reason: "")]
          + validation.map { LabelChange(sample: $0.id, field: .excluded, to: "true", reason: "") },
        actor: "rule x", run: nil)

      let report = try export(store, "image-folder", to: out)
      #expect(
        report.notes == [
          "2 files among the pictures are no part of the export and stay, such as train/happy/mine.png"
        ])
      _ = try export(store, "image-folder", to: fresh)
      #expect(try files(out) == files(fresh).union(mine).union(["fer.csv"]))
      for file in try files(fresh) {
        #expect(FileManager.default.contentsEqual(atPath: out + "/" + file, andPath: fresh + "/" + file))
      }
      for file in mine { #expect(FileManager.default.contents(atPath: out + "/" + file) == Data("mine".utf8)) }
      #expect(!FileManager.default.fileExists(atPath: out + "/validation"))
    }
  }

  @Test("What a killed export left beside the folder goes with the next one; that of a running one stays")
  func leftBehind() throws {
    try withTemporaryDirectory { folder in
      // The process behind the first number is over, the second is our parent.
      let ended = Process()
      ended.executableURL = URL(fileURLWithPath: "/bin/sh")
      ended.arguments = ["-c", "true"]
      try ended.run()
      ended.waitUntilExit()
      let (left, running) = (".out.partial-\(ended.processIdentifier)", ".out.partial-\(getppid())")
      for name in [left, running, ".out.partial-notes"] { try folder.write("half", to: name + "/a.png") }
      _ = try export(TestDatasets.store(), "fer-csv", to: folder.path + "/out")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(names) == ["out", running, ".out.partial-notes"])
    }
  }

  @Test("An export of another format leaves pictures as they are, and so do lists of other origin")
  func otherFormats() throws {
    try withTemporaryDirectory { folder in
      let out = folder.path + "/out"
      let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(3)))
      try folder.write("file_name,label\nhappy/a.png,happy\n", to: "out/validation/metadata.csv")
      try folder.write("a", to: "out/validation/happy/a.png")
      let theirs = try files(out)
      let notes = try export(store, "image-folder", to: out).notes
      #expect(notes.map { $0.hasPrefix("2 files among the pictures are no part of the export") } == [true])
      let both = try files(out)
      #expect(both.count == 3 + 2 + theirs.count && both.isSuperset(of: theirs))
      #expect(try export(store, "fer-csv", to: out).notes.isEmpty)
      #expect(try files(out) == both.union(["fer.csv"]))
    }
  }

  @Test("A folder with files that the dataset is linked to is refused, also by another way to it")
  func linkedFiles() throws {
    try withTemporaryDirectory { folder in
      let out = folder.appendingPathComponent("out")
      let bytes = try PNGCodec.encode(TestImages.face(seed: 1))
      let file = try out.write(bytes, to: "train/happy/a.png")
      try out.write(PNGCodec.encode(TestImages.face(seed: 2)), to: "train/sad/b.png")
      let store = try DatasetStore.create(at: folder.path + "/d.fercure")
      _ = try Ingest.run(sources: [out.path], into: store, options: .init(link: true))
      let link = folder.path + "/link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: out.path)
      for target in [out.path, out.path + "/train", link] {
        #expect(throws: CurationError.folderHoldsLinkedFiles(target, files: 2, example: file)) {
          try export(store, "image-folder", to: target)
        }
      }
      #expect(try files(out.path) == ["train/happy/a.png", "train/sad/b.png"])
      #expect(FileManager.default.contents(atPath: file) == Data(bytes))
      #expect(try export(store, "image-folder", to: folder.path + "/other").written == 2)
    }
  }

  @Test("A folder in the place of a file is refused before anything is changed, and so is a file in that of a folder")
  func inTheWay() throws {
    try withTemporaryDirectory { folder in
      let store = try TestDatasets.store()
      let (one, two) = (folder.path + "/one", folder.path + "/two")
      try folder.write("mine", to: "one/fer.csv/mine.txt")
      #expect(throws: CurationError.cannotWrite(path: one + "/fer.csv", reason: "it is a folder, not a file")) {
        try export(store, "fer-csv", to: one)
      }
      #expect(try files(one) == ["fer.csv/mine.txt"])
      try folder.write("mine", to: "two/train")
      #expect(throws: CurationError.cannotWrite(path: two + "/train", reason: "it is a file, not a folder")) {
        try export(store, "image-folder", to: two)
      }
      #expect(try files(two) == ["train"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["one", "two"])
    }
  }
}
