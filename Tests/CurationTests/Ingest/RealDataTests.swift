import Foundation
import TestSupport
import Testing

@testable import Curation

/// The real FER2013 and FER+, which are no part of the repository.
///
/// `FERCURE_REAL_DATA` names the folder that holds `fer2013.csv.xz` and `ferplus-votes.csv`.
struct RealDataTests {
  private static let data = ProcessInfo.processInfo.environment["FERCURE_REAL_DATA"] ?? ""

  @Test(
    "FER2013 has the known counts, and its export is the file itself",
    .enabled(
      if: FileManager.default.fileExists(atPath: data + "/fer2013.csv.xz"),
      "Needs FER2013: FERCURE_REAL_DATA=FOLDER with fer2013.csv.xz and ferplus-votes.csv"))
  func fer2013() throws {
    try withTemporaryDirectory { folder in
      let store = try DatasetStore.create(at: folder.path + "/fer.fercure")
      let report = try Ingest.run(
        sources: [Self.data + "/fer2013.csv.xz"], into: store,
        options: .init(votes: [Self.data + "/ferplus-votes.csv"]))
      #expect(report.rejected == 0)
      let info = try store.info()
      #expect(info.samples == 35887)
      #expect(info.distinctPictures == 34034)
      #expect(info.votesKnown == 19542)
      let train = [3995, 436, 4097, 7215, 4830, 3171, 4965]
      #expect(info.classes.map { info.splits["train"]?.classes[$0] } == train)
      #expect(info.splits.mapValues(\.total) == ["train": 28709, "validation": 3589, "test": 3589])
      let groups = Dictionary(grouping: try store.samples().compactMap(\.group), by: { $0 })
      #expect(groups.count == 1516)
      #expect(groups.values.reduce(0) { $0 + $1.count } == 3369)
      #expect(try store.verifyEvents().isEmpty)

      _ = try Export.run(formats: ["fer-csv"], of: store, to: folder.path + "/out")
      let again = try DatasetStore.inMemory()
      #expect(try Ingest.run(sources: [folder.path + "/out/fer.csv"], into: again).added == 35887)
      #expect(try again.samples().map(\.pixelHash) == store.samples().map(\.pixelHash))
      let size = try FileManager.default.attributesOfItem(atPath: folder.path + "/out/fer.csv")[.size] as? Int
      #expect(size == 301_072_766)
    }
  }
}
