import Foundation
import GRDB
import Imaging
import TestSupport
import Testing

@testable import Curation

struct ImageFolderTests {
  private func ingest(
    _ folder: URL, into store: DatasetStore? = nil, options: IngestOptions = .init()
  ) throws -> (store: DatasetStore, report: SourceReport) {
    let store = try store ?? DatasetStore.inMemory()
    let report = try Ingest.run(sources: [folder.path], into: store, options: options)
    return (store, try #require(report.sources.first))
  }

  private func png(_ seed: UInt64, channels: Int = 1) throws -> [UInt8] {
    try PNGCodec.encode(TestImages.face(seed: seed, height: 20, width: 16, channels: channels))
  }

  @Test("Class folders give labels, split folders splits, and the path is the key")
  func layouts() throws {
    try withTemporaryDirectory { folder in
      let files = [
        "train/happy/b.png", "train/happy/a.png", "train/Sadness/sub/c.png", "val/angry/d.png", "Test/neutral/e.png",
      ]
      for (seed, file) in files.enumerated() { try folder.write(png(UInt64(seed)), to: file) }
      try folder.write("not me", to: "train/happy/.hidden.png")
      try folder.write("read me", to: "README.md")
      let (store, report) = try ingest(folder)
      #expect(report.added == 5 && report.rejected.isEmpty)
      #expect(report.notes == ["1 files are no pictures and were left alone"])
      let samples = try store.samples()
      #expect(
        samples.map(\.key) == [
          "Test/neutral/e.png", "train/Sadness/sub/c.png", "train/happy/a.png", "train/happy/b.png", "val/angry/d.png",
        ])
      #expect(samples.map(\.split) == [.test, .train, .train, .train, .validation])
      #expect(samples.map(\.label) == ["neutral", "sad", "happy", "happy", "angry"])
      #expect(try store.classes() == ClassNames.fer)
      #expect(try store.image(of: samples[2]) == TestImages.face(seed: 1, height: 20, width: 16))
      #expect(try store.originalBytes(of: samples[2]) == png(1))
      #expect(try ingest(folder, into: store).report.unchanged == 5)
      #expect(try store.runs().count == 1)
    }
  }

  @Test("A class folder that cannot be read is rejected, and all others are taken")
  func unreadableFolder() throws {
    try withTemporaryDirectory { folder in
      for (seed, name) in ["calm", "tense"].enumerated() { try folder.write(png(UInt64(seed)), to: "\(name)/1.png") }
      try folder.write("file_name,label\ncalm/1.png,calm\ntense/1.png,tense\n", to: "metadata.csv")
      let closed = folder.appendingPathComponent("tense").path
      func permit(_ permissions: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
      }
      try permit(0, closed)
      let (store, report) = try asOrdinaryUser { try ingest(folder) }
      #expect(report.added == 1)
      #expect(report.rejected.map(\.item) == ["tense"])
      #expect(report.rejected.first?.reason.hasPrefix("\(closed) cannot be read: ") == true)
      // The folder that was asked for is no part that could be left out, and neither are all parts.
      #expect(throws: CurationError.self) { try asOrdinaryUser { try FolderListing.files(in: closed) } }
      let other = folder.appendingPathComponent("calm").path
      try permit(0, other)
      #expect { try asOrdinaryUser { try ingest(folder) } } throws: { "\($0)".contains("calm cannot be read") }
      // Once it can be read it is taken like any other.
      for path in [closed, other] { try permit(0o755, path) }
      #expect(try ingest(folder, into: store).report.added == 1)
      #expect(try store.samples().map(\.label) == ["calm", "tense"])
    }
  }

  @Test("Other classes are the folders' names; the split is asked for, or the folder's own name")
  func classFolders() throws {
    try withTemporaryDirectory { folder in
      let root = folder.appendingPathComponent("test")
      for (seed, name) in ["happy", "contempt"].enumerated() { try root.write(png(UInt64(seed)), to: "\(name)/1.png") }
      let (store, _) = try ingest(root)
      #expect(try store.classes() == ["contempt", "happy"])
      #expect(try store.samples().map(\.split) == [.test, .test])
      #expect(try ingest(root, options: .init(split: .validation)).store.samples()[0].split == .validation)
      // A dataset that has its classes takes no others.
      let (fer, report) = try ingest(root, into: TestDatasets.store())
      #expect(report.added == 1)
      #expect(
        report.rejected.map(\.reason) == [
          "contempt/1.png has the class 'contempt'; the classes are \(ClassNames.fer.joined(separator: ", "))"
        ])
      #expect(try fer.samples().count == 29)
      // What an archive was unpacked into is looked through.
      #expect(try ingest(folder).store.samples().map(\.split) == [.test, .test])
    }
  }

  @Test("Bad pictures are listed with the reason, and everything else is kept")
  func badPictures() throws {
    try withTemporaryDirectory { folder in
      try folder.write(png(1), to: "happy/good.png")
      try folder.write(png(2), to: "happy/really.jpg")
      try folder.write("just text", to: "happy/text.jpg")
      try folder.write([UInt8](), to: "sad/empty.png")
      try folder.write(Array(png(3).dropLast(40)), to: "sad/half.png")
      try folder.write(png(4), to: "loose.png")
      let (store, report) = try ingest(folder)
      #expect(report.added == 2)
      #expect(try store.samples().map(\.encoding) == [.png, .png])
      #expect(report.rejected.map(\.item) == ["loose.png", "happy/text.jpg", "sad/empty.png", "sad/half.png"])
      #expect(report.rejected[0].reason == "loose.png stands in no class folder")
      #expect(report.rejected.allSatisfy { $0.reason.hasPrefix($0.item) })
      #expect(try store.info().rejections == 4)
    }
  }

  @Test("Linked pictures are read from their files, and a file that changed or went is named")
  func linking() throws {
    try withTemporaryDirectory { folder in
      let pictures = folder.appendingPathComponent("pictures")
      let file = try pictures.write(png(1, channels: 3), to: "happy/a.png")
      try pictures.write(png(2), to: "sad/b.png")
      let store = try DatasetStore.create(at: folder.path + "/a.fercure")
      let (_, report) = try ingest(pictures, into: store, options: .init(link: true))
      #expect(report.added == 2)
      let sample = try store.sample(key: "happy/a.png")
      #expect(sample.encoding == .link && sample.channels == 3)
      #expect(try store.image(of: sample) == TestImages.face(seed: 1, height: 20, width: 16, channels: 3))
      let stored = try store.read { try String.fetchOne($0, sql: "SELECT path FROM sample WHERE id = 1") }
      #expect(stored == "pictures/happy/a.png")
      #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM image") } == 0)

      // A copy in another folder finds them too.
      try FileManager.default.createDirectory(atPath: folder.path + "/deep", withIntermediateDirectories: true)
      let copy = try store.copy(to: folder.path + "/deep/b.fercure")
      #expect(try copy.image(of: sample) == store.image(of: sample))

      try pictures.write(png(9), to: "happy/a.png")
      #expect(throws: CurationError.linkedFileChanged(sample: "happy/a.png", path: file)) {
        try store.image(of: sample)
      }
      #expect(throws: CurationError.linkedFileChanged(sample: "happy/a.png", path: file)) {
        try store.originalBytes(of: sample)
      }
      try FileManager.default.removeItem(atPath: file)
      #expect(throws: CurationError.linkedFileMissing(sample: "happy/a.png", path: file)) {
        try store.image(of: sample)
      }
    }
  }

  @Test("Metadata count more than folders: csv or JSON lines")
  func metadata() throws {
    try withTemporaryDirectory { folder in
      for name in ["a", "b", "c"] {
        try folder.write(png(UInt64(Character(name).asciiValue ?? 0)), to: "train/x/\(name).png")
      }
      try folder.write(
        "file_name,label,key,group,order\nx/a.png,happy,first,subject 1,2\nx/b.png,,second,,1\nx/gone.png,sad,,,\n"
          + "../out.png,sad,,,\n", to: "train/metadata.csv")
      try folder.write(png(20), to: "test/1.png")
      try folder.write(#"{"file_name": "1.png", "label": "sad", "extra": 3}"# + "\n\n", to: "test/metadata.jsonl")
      let (store, report) = try ingest(folder, options: .init(labels: ["happy", "sad", "x"]))
      let samples = try store.samples()
      #expect(samples.map(\.key) == ["second", "first", "test/1.png", "train/x/c.png"])
      #expect(samples.map(\.label) == [nil, "happy", "sad", "x"])
      #expect(samples[1].group == "subject 1")
      #expect(samples.map(\.split) == [.train, .train, .test, .train])
      #expect(
        report.rejected.map(\.reason) == [
          "row 3 of train/metadata.csv leads out of its folder: ../out.png",
          "train/x/gone.png stands in the metadata, but there is no such file",
        ])
    }
  }

  @Test("A split that the metadata name and nobody knows rejects the picture")
  func unknownSplits() throws {
    try withTemporaryDirectory { folder in
      for (seed, name) in ["a", "b", "c"].enumerated() { try folder.write(png(UInt64(seed)), to: "happy/\(name).png") }
      try folder.write(
        "file_name,label,split\nhappy/a.png,happy, Valid \nhappy/b.png,happy,holdout\nhappy/c.png,happy,\n",
        to: "metadata.csv")
      let (store, report) = try ingest(folder)
      #expect(
        report.rejected == [
          Rejection(
            item: "happy/b.png",
            reason: "happy/b.png has the split 'holdout'; the splits are train, validation, test")
        ])
      #expect(try store.samples().map(\.split) == [.validation, .train])
    }
  }

  @Test("A key that is given twice is taken once, and the other picture is listed")
  func repeatedKeys() throws {
    try withTemporaryDirectory { folder in
      for (seed, name) in ["a", "b", "c"].enumerated() { try folder.write(png(UInt64(seed)), to: "happy/\(name).png") }
      try folder.write(
        "file_name,label,key\nhappy/a.png,happy,one\nhappy/b.png,happy,one\nhappy/c.png,happy,two\n",
        to: "metadata.csv")
      let reason = "happy/b.png has the key one, which \(folder.lastPathComponent) gives to another picture too"
      let (store, report) = try ingest(folder)
      #expect(report.added == 2 && report.rejected == [Rejection(item: "happy/b.png", reason: reason)])
      #expect(try store.samples().map(\.key) == ["one", "two"])
      let again = try ingest(folder, into: store).report
      #expect(again.unchanged == 2 && again.rejected == report.rejected)
    }
  }

  @Test("A key that reads like another one is rejected, whether both are new or one is there")
  func alikeKeys() throws {
    try withTemporaryDirectory { folder in
      for (seed, name) in ["a", "b"].enumerated() { try folder.write(png(UInt64(seed)), to: "happy/\(name).png") }
      func write(_ keys: String...) throws {
        let rows = zip(["a", "b"], keys).map { "happy/\($0).png,happy,\($1)\n" }
        try folder.write("file_name,label,key\n" + rows.joined(), to: "metadata.csv")
      }
      let reason =
        #" has the key cafe\u{0301}, which reads like the key caf\u{00E9} of another sample; "#
        + "rename one of them"
      try write("caf\u{e9}", "cafe\u{301}")
      let (store, report) = try ingest(folder)
      #expect(report.added == 1 && report.rejected.map(\.reason) == ["happy/b.png" + reason])
      try write("cafe\u{301}", "tea")
      let second = try ingest(folder, into: store).report
      #expect(second.added == 1 && second.rejected.map(\.reason) == ["happy/a.png" + reason])
      #expect(try store.samples().map { $0.key.utf8.count } == [5, 3])
    }
  }

  @Test("Metadata with a quote that is not closed are refused by file and row")
  func unclosedQuote() throws {
    try withTemporaryDirectory { folder in
      try folder.write(png(1), to: "train/happy/a.png")
      try folder.write("file_name,label\n\"happy/a.png,happy\nhappy/b.png,happy\n", to: "train/metadata.csv")
      let store = try DatasetStore.inMemory()
      #expect(throws: CurationError.unclosedQuote("train/metadata.csv", row: 0)) { try ingest(folder, into: store) }
      #expect(try store.samples().isEmpty)
    }
  }

  @Test("Links that lead in a circle are followed once")
  func loops() throws {
    try withTemporaryDirectory { folder in
      try folder.write(png(1), to: "happy/a.png")
      try folder.write(png(2), to: "sad/b.png")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/happy/loop", withDestinationPath: folder.path)
      let (store, _) = try ingest(folder)
      #expect(try store.samples().map(\.key) == ["happy/a.png", "sad/b.png"])
    }
  }

  @Test("A folder without class folders is refused")
  func noPictures() throws {
    try withTemporaryDirectory { folder in
      try folder.write("x", to: "notes.txt")
      #expect(throws: CurationError.noClassFolders(folder.lastPathComponent)) { try ingest(folder) }
    }
  }
}
