import Foundation
import TestSupport
import Testing

@testable import Curation

/// A dataset takes the place of another one only when it is complete.
@Suite struct DatasetStoreCopyTests {
  private struct Stop: Error {}

  /// An open dataset of 28 faces, and the path of one with a single face that is worth keeping.
  private func withDatasets(_ body: (URL, DatasetStore, String) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      let store = try DatasetStore.create(at: folder.path + "/a.fercure")
      try TestDatasets.fill(store)
      let kept = try DatasetStore.create(at: folder.path + "/kept.fercure")
      try TestDatasets.fill(kept, [TestRow(3, seed: 900)])
      try kept.close()
      try body(folder, store, folder.path + "/kept.fercure")
    }
  }

  private func keys(_ path: String) throws -> [String] {
    let store = try DatasetStore.open(at: path)
    defer { try? store.close() }
    return try store.samples().map(\.key)
  }

  /// The files of a dataset, and what lies beside them under its name.
  private func files(_ folder: URL, _ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(name) }.sorted()
  }

  /// Leaves at `path` what a process leaves that is killed while it has a dataset open: much of it is in the `-wal` file.
  private func leaveKilled(_ folder: URL, at path: String) throws {
    let open = try DatasetStore.create(at: folder.path + "/open.fercure")
    try TestDatasets.fill(open, [TestRow(3, seed: 900), TestRow(4, seed: 901)])
    for suffix in ["", "-wal"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
      try FileManager.default.copyItem(atPath: folder.path + "/open.fercure" + suffix, toPath: path + suffix)
    }
    try open.close()
    try FileManager.default.removeItem(atPath: folder.path + "/open.fercure")
  }

  private func exclude(_ count: Int, of store: DatasetStore) throws {
    let changes = try store.samples().prefix(count).map {
      LabelChange(sample: $0.id, field: .excluded, to: "true", reason: "test")
    }
    try store.apply(changes, actor: "rule test", run: nil)
  }

  @Test func `What fails or is stopped on the way leaves the dataset that it was to replace`() throws {
    try withDatasets { folder, store, kept in
      #expect(throws: Stop.self) {
        try store.copy(to: kept, replacing: true) { copy in
          try exclude(3, of: copy)
          throw Stop()
        }
      }
      let left = try keys(kept)
      #expect(left == ["row-0000000"])
      #expect(try files(folder, "kept") == ["kept.fercure"])
      #expect(throws: Stop.self) { try store.copy(to: folder.path + "/new.fercure") { _ in throw Stop() } }
      #expect(try files(folder, "new").isEmpty)
    }
  }

  @Test func `Until a copy is complete the old dataset has its name, then the copy in one file`() throws {
    try withDatasets { folder, store, kept in
      let count = try store.copy(to: kept, replacing: true) { copy in
        try exclude(3, of: copy)
        #expect(try keys(kept) == ["row-0000000"])
        return try copy.samples().count
      }
      #expect(count == 25)
      #expect(try keys(kept).count == 25)
      #expect(try files(folder, "kept") == ["kept.fercure"])
      #expect(try store.samples().count == 28)
    }
  }

  @Test func `What a killed process left under the working name is made anew`() throws {
    try withDatasets { folder, store, _ in
      let target = folder.path + "/new.fercure"
      try leaveKilled(folder, at: target + ".partial")
      try store.copy(to: target) { _ in }
      #expect(try keys(target).count == 28)
      try folder.write("half a file", to: "new.fercure.partial")
      try store.copy(to: target, replacing: true) { try exclude(1, of: $0) }
      #expect(try keys(target).count == 27)
      #expect(try files(folder, "new") == ["new.fercure"])
    }
  }

  @Test func `What a killed process left beside a dataset is neither lost nor taken for the new one's`() throws {
    try withDatasets { folder, store, kept in
      try leaveKilled(folder, at: kept)
      #expect(throws: Stop.self) { try store.copy(to: kept, replacing: true) { _ in throw Stop() } }
      #expect(try keys(kept).count == 2)
      try leaveKilled(folder, at: kept)
      try store.copy(to: kept, replacing: true) { _ in }
      #expect(try keys(kept).count == 28)
      // The dataset was removed by hand, and its companion was left.
      try leaveKilled(folder, at: folder.path + "/gone.fercure")
      try FileManager.default.removeItem(atPath: folder.path + "/gone.fercure")
      try store.copy(to: folder.path + "/gone.fercure") { _ in }
      #expect(try keys(folder.path + "/gone.fercure").count == 28)
    }
  }

  @Test func `Nothing that is read is replaced, whatever name leads to it`() throws {
    try withDatasets { folder, store, kept in
      let other = try DatasetStore.open(at: kept)
      let (link, hard) = (folder.path + "/link", folder.path + "/hard.fercure")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
      try FileManager.default.linkItem(atPath: folder.path + "/a.fercure", toPath: hard)
      for target in [folder.path + "/a.fercure", link + "/a.fercure", folder.path + "/./link/a.fercure", hard, kept] {
        let error = CurationError.cannotWrite(
          path: target, reason: "it is a dataset that is read here; name another file")
        for replacing in [true, false] {
          #expect(throws: error) { try store.copy(to: target, replacing: replacing, reading: [other]) { _ in } }
        }
      }
      #expect(try store.samples().count == 28)
      #expect(try other.samples().count == 1)
      #expect(FileIdentity.isSame(link + "/none.fercure", folder.path + "/none.fercure"))
      #expect(!FileIdentity.isSame(folder.path + "/none.fercure", kept))
    }
  }

  @Test func `A dataset that is open elsewhere is not replaced under its user`() throws {
    try withDatasets { _, store, kept in
      let user = try DatasetStore.open(at: kept)
      #expect(
        throws: CurationError.cannotWrite(path: kept, reason: "another program has it open; close that first")
      ) { try store.copy(to: kept, replacing: true) { _ in } }
      try exclude(1, of: user)
      try user.close()
      #expect(try keys(kept).isEmpty)
      try store.copy(to: kept, replacing: true) { _ in }
      #expect(try keys(kept).count == 28)
    }
  }
}
