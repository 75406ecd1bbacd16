import Foundation
import Imaging
import TestSupport
import Testing

@testable import Curation

struct FERCSVTests {
  private func ingest(
    _ text: String, name: String = "fer.csv", into store: DatasetStore? = nil, options: IngestOptions = .init()
  ) throws -> (store: DatasetStore, report: SourceReport) {
    try withTemporaryDirectory { folder in
      let store = try store ?? DatasetStore.inMemory()
      let report = try Ingest.run(sources: [folder.write(text, to: name)], into: store, options: options)
      return (store, try #require(report.sources.first))
    }
  }

  private let rows = TestDatasets.rows
  private var pixels: String { rows[0].pixels }

  @Test("Rows become samples with pixels, label, split and key")
  func plain() throws {
    let (store, report) = try ingest(TestDatasets.csv(rows))
    #expect(report == SourceReport(name: "fer.csv", kind: "fer-csv", added: 28, unchanged: 0, rejected: [], notes: []))
    let samples = try store.samples()
    #expect(samples.map(\.key) == (0..<28).map { FERCSV.key(row: $0) })
    #expect(samples[5].key == "row-0000005")
    #expect(samples.map(\.label) == rows.map { TestDatasets.classes[$0.label] })
    #expect(
      samples.map(\.split) == Array(repeating: .train, count: 14) + Array(repeating: .validation, count: 7)
        + Array(repeating: .test, count: 7))
    try store.forEachImage(of: samples) { #expect($1 == rows[Int($0.id) - 1].image) }
    #expect(samples.allSatisfy { PixelHash.of(rows[Int($0.id) - 1].image) == $0.pixelHash && $0.encoding == .gray8 })
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test("Other orders of columns, quotes, CRLF, a byte order mark and class names give the same samples")
  func variants() throws {
    let expected = try ingest(TestDatasets.csv(rows)).store.samples()
    func text(_ header: String, end: String = "\n", _ row: (TestRow) -> String) -> String {
      header + rows.map { row($0) + end }.joined()
    }
    let variants = [
      text("pixels,emotion,Usage\n") { "\($0.pixels),\($0.label),\($0.usage)" },
      text("emotion, Usage, pixels\r\n", end: "\r\n") { "\($0.label), \($0.usage), \"\($0.pixels)\"" },
      text("\u{feff}emotion,pixels,Usage\r\n", end: "\r\n") { "\($0.label),\"\($0.pixels)\",\($0.usage)" },
      text("") { "\($0.label),\($0.pixels),\($0.usage)" },
      text("emotion,pixels,Usage\r", end: "\r") { "\($0.label),\($0.pixels),\($0.usage)" },
      text("", end: "\r") { "\($0.label),\"\($0.pixels)\",\($0.usage)" },
      text("Usage,Label,Pixels\n") { "\($0.usage),\(TestDatasets.classes[$0.label].uppercased()),\($0.pixels)" },
      text("emotion,pixels,Usage\n") { "\($0.label),\($0.pixels),\($0.usage)" } + "\n\r\n\n",
      String(text("emotion,pixels,Usage\n") { "\($0.label),\($0.pixels),\($0.usage)" }.dropLast()),
    ]
    for variant in variants {
      let (store, report) = try ingest(variant)
      #expect(report.rejected == [])
      #expect(try store.samples() == expected, "\(variant.prefix(40))")
    }
  }

  @Test("Without Usage the split is the one asked for, or train; without labels test")
  func splits() throws {
    let labelled = "emotion,pixels\n3,\"\(pixels)\"\r\n"
    #expect(try ingest(labelled).store.samples()[0].split == .train)
    #expect(try ingest(labelled, options: .init(split: .validation)).store.samples()[0].split == .validation)
    let unlabelled = try ingest("pixels\n\(pixels)\n").store.samples()[0]
    #expect(unlabelled.split == .test && unlabelled.label == nil)
  }

  @Test("A bad row is listed with what is wrong, and everything else is kept")
  func rejections() throws {
    let short = pixels.split(separator: " ").dropLast().joined(separator: " ")
    let letters = "abc" + pixels.drop { $0 != " " }
    let large = pixels.split(separator: " ").dropLast().joined(separator: " ") + " 256"
    let text = """
      emotion,pixels,Usage
      0,\(pixels),Training
      0,\(short),Training
      0,\(large),Training
      0,\(letters),Training
      9,\(pixels),Training
      ,\(pixels),Training
      0,\(pixels),
      0,\(pixels),Tuesday
      0,\(pixels)

      joy,\(rows[1].pixels),PrivateTest
      """
    let (store, report) = try ingest(text)
    let labels = "0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise, 6 neutral"
    #expect(
      report.rejected.map(\.reason) == [
        "row 1 of fer.csv has 2303 pixels, expected 2304",
        "row 2 of fer.csv has '256' in column pixels at pixel 2303, expected a number from 0 to 255",
        "row 3 of fer.csv has 'abc' in column pixels at pixel 0, expected a number from 0 to 255",
        "row 4 of fer.csv has the label '9'; the labels are \(labels)",
        "row 5 of fer.csv has no label",
        "row 6 of fer.csv has no Usage, expected Training, PublicTest or PrivateTest",
        "row 7 of fer.csv has the Usage 'Tuesday', expected Training, PublicTest or PrivateTest",
        "row 8 of fer.csv has 2 fields, expected 3",
        "row 9 of fer.csv is blank",
      ])
    #expect(report.rejected.map(\.item) == (1...9).map { "row \($0)" })
    #expect(try store.samples().map(\.key) == ["row-0000000", "row-0000010"])
    #expect(try store.samples()[1].label == "happy")
    #expect(try store.rejections().count == 9)
    #expect(try store.info().rejections == 9)
  }

  @Test("Ingesting the same file again changes nothing")
  func idempotence() throws {
    let text = TestDatasets.csv(rows) + "0,1 2 3,Training\n"
    let (store, first) = try ingest(text)
    let before = (try store.allSamples(), try store.events(run: nil), try store.info())
    let (_, second) = try ingest(text, into: store)
    #expect(first.added == 28 && second.added == 0 && second.unchanged == 28)
    #expect(second.rejected == first.rejected)
    #expect(try store.allSamples() == before.0)
    #expect(try store.events(run: nil) == before.1)
    #expect(try store.info() == before.2)
  }

  @Test("A longer version of the file adds what is new; a row with other pixels is rejected")
  func changedFile() throws {
    let (store, _) = try ingest(TestDatasets.csv(Array(rows.prefix(20))))
    var changed = rows
    changed[2].image = TestImages.face(seed: 99)
    let (_, report) = try ingest(TestDatasets.csv(changed), into: store)
    #expect(report.added == 8 && report.unchanged == 19)
    #expect(
      report.rejected == [
        Rejection(
          item: "row 2",
          reason: "the dataset has another picture under the key row-0000002; a source is known by its name, so that "
            + "another one needs another name than fer.csv")
      ])
  }

  @Test("Labels that a source gives anew are told and overwrite nothing")
  func changedLabels() throws {
    let (store, _) = try ingest(TestDatasets.csv(rows))
    var changed = rows
    changed[2].label = 6
    changed[5].label = 6
    let (_, report) = try ingest(TestDatasets.csv(changed), into: store)
    #expect(report.unchanged == 28)
    #expect(report.notes.count == 1)
    #expect(report.notes.first?.contains("already 2 have another label now") == true)
    #expect(report.notes.first?.contains("row-0000002, neutral in place of fear") == true)
    #expect(try store.sample(key: "row-0000002").label == "fear")
    // A decision changed the label here; the source still says what it said.
    try store.apply([LabelChange(sample: 1, field: .label, to: "sad", reason: "")], actor: "reviewer ann", run: nil)
    #expect(try ingest(TestDatasets.csv(rows), into: store).1.notes.isEmpty)
  }

  @Test("Rows of a second file have its name before their keys, the same every time")
  func secondFile() throws {
    let (store, _) = try ingest("emotion,pixels\n3,\(pixels)\n", name: "train.csv")
    for _ in 0..<2 { _ = try ingest("pixels\n\(rows[1].pixels)\n", name: "test.csv", into: store) }
    #expect(try store.samples().map(\.key) == ["row-0000000", "test/row-0000000"])
    #expect(try store.samples().map(\.source) == [1, 2])
  }

  @Test("The size is that of the first row whose pixels make a square, and one for the whole file")
  func otherSizes() throws {
    let small = TestRow(1, image: TestImages.noise(seed: 1, height: 16, width: 16))
    let (store, report) = try ingest(TestDatasets.csv([small, rows[0]]))
    #expect(try store.samples().map(\.width) == [16])
    #expect(report.rejected.map(\.reason) == ["row 1 of fer.csv has 2304 pixels, expected 256"])
  }

  @Test("A first row that lacks pixels is rejected, and the others are taken")
  func badFirstRow() throws {
    let rows = (0..<3).map { TestRow(1, image: TestImages.noise(seed: UInt64($0), height: 16, width: 16)) }
    let short = rows[0].pixels.split(separator: " ").dropLast().joined(separator: " ")
    let text = "emotion,pixels\n1,\(short)\n1,\n1,1 2 3 4\n" + rows.map { "1,\($0.pixels)\n" }.joined()
    let (store, report) = try ingest(text)
    #expect(
      report.rejected.map(\.reason) == [
        "row 0 of fer.csv has 255 pixels, expected a square number from 64",
        "row 1 of fer.csv has no pixels",
        "row 2 of fer.csv has 4 pixels, expected a square number from 64",
      ])
    #expect(try store.samples().map(\.key) == (3..<6).map { FERCSV.key(row: $0) })
    #expect(try store.samples().allSatisfy { $0.width == 16 && $0.height == 16 })
  }

  @Test("A file of which nothing can be taken is an error, unless other sources give something")
  func nothingTaken() throws {
    let bad = "emotion,pixels\n0,1 2 3\n1,4 5 6\n"
    let reason = "row 0 of fer.csv has 3 pixels, expected a square number from 64"
    #expect(throws: CurationError.nothingTaken(rejected: 2, first: reason)) { try ingest(bad) }
    try withTemporaryDirectory { folder in
      let sources = [try folder.write(bad, to: "fer.csv"), try folder.write(TestDatasets.csv(rows), to: "good.csv")]
      let report = try Ingest.run(sources: sources, into: .inMemory())
      #expect(report.added == 28 && report.rejected == 2)
    }
  }

  @Test("Equal pictures form a group, in whatever file they stand")
  func groups() throws {
    let (store, _) = try ingest(TestDatasets.csv([rows[0], rows[1], rows[0]]))
    _ = try ingest(TestDatasets.csv([rows[1]]), name: "more.csv", into: store)
    let groups = try store.samples().map(\.group)
    #expect(groups[0] == groups[2] && groups[1] == groups[3] && groups[0] != groups[1])
    #expect(groups[0] == "pixels:" + PixelHash.of(rows[0].image).prefix(16))
    #expect(try ingest(TestDatasets.csv(rows)).store.samples().allSatisfy { $0.group == nil })
  }

  @Test("Other classes are taken from --labels, which may add to a dataset's but change none")
  func labels() throws {
    let text = "emotion,pixels\n1,\(pixels)\ncalm,\(rows[1].pixels)\n"
    let (store, _) = try ingest(text, options: .init(labels: ["calm", "tense"]))
    #expect(try store.classes() == ["calm", "tense"])
    #expect(try store.samples().map(\.label) == ["tense", "calm"])
    _ = try ingest(text, into: store, options: .init(labels: ["calm", "tense", "bored"]))
    #expect(try store.classes() == ["calm", "tense", "bored"])
    #expect(
      throws: CurationError.otherClasses(
        source: "fer.csv", given: ["tense", "calm"], dataset: ["calm", "tense", "bored"])
    ) { try ingest(text, into: store, options: .init(labels: ["tense", "calm"])) }
  }

  @Test("A stopped ingest leaves no half source")
  func stopping() throws {
    try withTemporaryDirectory { folder in
      let path = try folder.write(TestDatasets.csv(rows), to: "fer.csv")
      let store = try DatasetStore.inMemory()
      #expect(throws: CancellationError.self) {
        try Ingest.run(sources: [path], into: store) { done, _ in if done > 0 { throw CancellationError() } }
      }
      #expect(try store.samples().isEmpty)
      #expect(try store.runs().isEmpty)
      #expect(try Ingest.run(sources: [path], into: store).added == 28)
    }
  }

  @Test("Files that are no FER csv are named for what they are")
  func wrongFiles() throws {
    let wrong: [(String, CurationError)] = [
      ("", .emptySource("fer.csv")),
      ("<!DOCTYPE html><html><body>Sign in</body></html>", .notACSV("fer.csv", found: "a web page")),
      (
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
        .notACSV("fer.csv", found: "a Git LFS pointer in place of the file")
      ),
      (
        "name,age\nann,7\n",
        .wrongColumns("fer.csv", found: ["name", "age"], wanted: "emotion, pixels and Usage, or at least pixels")
      ),
    ]
    for (text, error) in wrong { #expect(throws: error) { try ingest(text) } }
    #expect(throws: CurationError.noSuchSource("/none.csv")) {
      try Ingest.run(sources: ["/none.csv"], into: .inMemory())
    }
    #expect(throws: CurationError.unknownFormat("x", known: ["ferplus-votes", "fer-csv", "image-folder"])) {
      try ingest("", options: .init(format: "x"))
    }
  }
}
