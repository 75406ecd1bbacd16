import Foundation
import GRDB
import Imaging
import TestSupport
import Testing

@testable import Curation

struct DatasetStoreOpeningTests {
  @Test("A dataset that was written can be opened again, and is one file")
  func reopening() throws {
    try withTemporaryDirectory { folder in
      let path = folder.path + "/a.fercure"
      var store: DatasetStore? = try DatasetStore.create(at: path)
      try store.map { try TestDatasets.fill($0) }
      let samples = try store?.samples()
      try store?.close()
      store = nil
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.fercure"])
      #expect(try DatasetStore.open(at: path).samples() == samples)
      #expect(samples?.count == 28)
    }
  }

  @Test("What can only be read is read without a trace, and says so when it is to be written")
  func readingOnly() throws {
    try withTemporaryDirectory { folder in
      let path = folder.path + "/a b#?%.fercure"
      let written = try DatasetStore.create(at: path)
      try TestDatasets.fill(written)
      let samples = try written.samples()
      try written.close()
      let before = FileManager.default.contents(atPath: path)
      let store = try DatasetStore.openReadOnly(path)
      #expect(try store.samples() == samples)
      #expect(try store.image(of: samples[0]).width == 48)
      #expect(throws: CurationError.databaseFailed(path: path, message: "it can only be read here")) {
        try store.beginRun(kind: "audit")
      }
      let copy = try store.copy(to: folder.path + "/copy.fercure") { try $0.samples().count }
      #expect(copy == 28)
      try store.close()
      #expect(FileManager.default.contents(atPath: path) == before)
      #expect(
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["a b#?%.fercure", "copy.fercure"])
    }
  }

  @Test("A closed dataset can be closed again, and says no to everything else")
  func closing() throws {
    try withTemporaryDirectory { folder in
      for store in [try DatasetStore.create(at: folder.path + "/a.fercure"), try DatasetStore.inMemory()] {
        try store.close()
        try store.close()
        #expect(throws: CurationError.self) { try store.samples() }
        #expect(throws: CurationError.self) { try store.beginRun(kind: "audit") }
      }
    }
  }

  @Test("Creating over a dataset is refused, opening one that is missing too")
  func existence() throws {
    try withTemporaryDirectory { folder in
      let path = folder.path + "/a.fercure"
      #expect(throws: CurationError.noSuchDataset(path: path)) { try DatasetStore.open(at: path) }
      try DatasetStore.create(at: path).close()
      #expect(throws: CurationError.datasetExists(path: path)) { try DatasetStore.create(at: path) }
      #expect(try DatasetStore.openOrCreate(at: path).samples().isEmpty)
    }
  }

  @Test("A file that is no dataset is named for what it is, and left as it was")
  func foreignFiles() throws {
    try withTemporaryDirectory { folder in
      let files: [(String, [UInt8], String)] = [
        ("a", Array("emotion,pixels\n".utf8), "text"), ("b", [], "an empty file"),
        ("c", Array("<!DOCTYPE html><html>".utf8), "a web page"),
        ("d", Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a Git LFS pointer in place of the file"),
      ]
      for (name, bytes, found) in files {
        let path = try folder.write(bytes, to: name)
        #expect(throws: CurationError.notADataset(path: path, found: found)) { try DatasetStore.open(at: path) }
        #expect(FileManager.default.contents(atPath: path) == Data(bytes))
      }
      #expect(throws: CurationError.notADataset(path: folder.path, found: "a folder")) {
        try DatasetStore.openOrCreate(at: folder.path)
      }
      let other = folder.path + "/other.sqlite"
      try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
      let before = FileManager.default.contents(atPath: other)
      #expect(throws: CurationError.notADataset(path: other, found: "another program's SQLite file")) {
        try DatasetStore.open(at: other)
      }
      #expect(FileManager.default.contents(atPath: other) == before)
    }
  }

  @Test("A dataset of a later version is refused")
  func laterVersion() throws {
    try withTemporaryDirectory { folder in
      let path = folder.path + "/a.fercure"
      let store = try DatasetStore.create(at: path)
      try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
      try store.close()
      #expect(throws: CurationError.newerDataset(path: path)) { try DatasetStore.open(at: path) }
    }
  }

  @Test("A damaged dataset says so instead of crashing")
  func damagedFile() throws {
    try withTemporaryDirectory { folder in
      let path = folder.path + "/a.fercure"
      let store = try DatasetStore.create(at: path)
      try TestDatasets.fill(store)
      try store.close()
      var bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
      for index in 20_000..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
      try folder.write(bytes, to: "a.fercure")
      #expect(throws: CurationError.self) { try DatasetStore.open(at: path).samples() }
    }
  }

  @Test("A row that is not as its table says is an error of the dataset")
  func damagedRow() throws {
    #expect(throws: CurationError.self) { try translating("a.fercure") { throw try brokenRow() } }
  }

  private func brokenRow() throws -> any Error {
    let queue = try DatabaseQueue()
    do {
      _ = try queue.read { try String.fetchAll($0, sql: "SELECT NULL") }
    } catch {
      #expect(error is RowDecodingError)
      return error
    }
    throw CancellationError()
  }

  @Test("A target that cannot be written is named with the reason")
  func unwritableTarget() {
    #expect(throws: CurationError.cannotWrite(path: "/none/a.fercure", reason: "the folder /none does not exist")) {
      try DatasetStore.create(at: "/none/a.fercure")
    }
    #expect(throws: CurationError.self) { try DatasetStore.create(at: "/proc/a.fercure") }
  }

  @Test("The schema refuses what must not be, whoever asks")
  func constraints() throws {
    let store = try TestDatasets.store()
    let forbidden = [
      "UPDATE labelEvent SET reason = ''", "DELETE FROM labelEvent", "UPDATE sample SET label = 'joy'",
      "UPDATE sample SET split = 'dev'", "UPDATE sample SET key = 'row-0000001'", "DELETE FROM sample",
      "INSERT INTO vote VALUES (1, 'happy', 0)", "INSERT INTO vote VALUES (99, 'happy', 1)",
      "INSERT INTO run (kind, recipe, version, started) VALUES ('a', 'no json', '', '')",
    ]
    for sql in forbidden {
      #expect(throws: CurationError.self, "\(sql)") { try store.write { try $0.execute(sql: sql) } }
    }
    #expect(try store.verifyEvents().isEmpty)
  }
}
