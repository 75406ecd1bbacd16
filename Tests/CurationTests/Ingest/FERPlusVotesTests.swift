import TestSupport
import Testing

@testable import Curation

struct FERPlusVotesTests {
  private let header = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"

  private func ingest(_ votes: String, into store: DatasetStore) throws -> SourceReport {
    try withTemporaryDirectory { folder in
      let path = try folder.write(votes, to: "votes.csv")
      let report = try Ingest.run(sources: [], into: store, options: .init(votes: [path]))
      return try #require(report.sources.first)
    }
  }

  @Test("Votes are joined by row, under the names of the dataset's classes")
  func joining() throws {
    let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(3)))
    let text =
      header + """
        Training,fer0000000.png,4,0,0,1,3,2,0,0,0,0
        Training,fer0000001.png,0,0,0,0,0,0,0,0,0,0
        Training,,0,6,0,0,0,0,0,1,1,2

        """
    let report = try ingest(text, into: store)
    #expect(report.kind == "ferplus-votes" && report.added == 2 && report.rejected.isEmpty)
    #expect(
      try store.votes() == [
        1: ["neutral": 4, "sad": 1, "angry": 3, "disgust": 2],
        3: ["happy": 6, "contempt": 1, "unknown": 1, "NF": 2],
      ])
    #expect(try store.info().votesKnown == 2)

    let runs = try store.runs()
    #expect(try ingest(text, into: store).unchanged == 2)
    #expect(try store.runs() == runs)
    let changed = try ingest(text.replacing(",4,0,0,1,3,", with: ",5,0,0,0,3,"), into: store)
    #expect(changed.added == 1 && changed.unchanged == 1)
    #expect(changed.notes == ["the votes of 1 samples were replaced"])
    #expect(try store.votes()[1] == ["neutral": 5, "angry": 3, "disgust": 2])
  }

  @Test("Rows of the csv that were rejected still count, and a bad row of votes is listed")
  func badRows() throws {
    let store = try DatasetStore.inMemory()
    try withTemporaryDirectory { folder in
      let good = TestDatasets.rows[0].pixels
      let csv =
        "emotion,pixels\n0,\(good)\n0,1 2 3\n1,\(TestDatasets.rows[1].pixels)\n2,\(TestDatasets.rows[2].pixels)\n"
      let votes =
        header + """
          Training,a,1,0,0,0,0,0,0,0,0,0
          Training,b,0,2,0,0,0,0,0,0,0,0
          Training,c,0,0,3,0,0,0,0,0,0,0
          Training,d,0,0,x,0,0,0,0,0,0,0
          """
      // A file of votes is also known by its header.
      let report = try Ingest.run(
        sources: [folder.write(csv, to: "fer.csv"), folder.write(votes, to: "v.csv")], into: store)
      #expect(
        report.sources[1].rejected.map(\.reason) == [
          "row 3 of v.csv has 'x' in column surprise, expected a number of votes from 0 to 1000000"
        ])
    }
    #expect(try store.votes() == [1: ["neutral": 1], 2: ["surprise": 3]])
    #expect(try store.sample(id: 2).key == "row-0000002")
  }

  @Test("More votes than any people could cast are a slip", arguments: ["9223372036854775807", "1000001", "-1"])
  func tooManyVotes(count: String) throws {
    let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(2)))
    let text = header + "Training,a,1000000,0,0,0,0,0,0,0,0,0\nTraining,b,0,0,0,\(count),0,0,0,0,0,0\n"
    let report = try ingest(text, into: store)
    #expect(
      report.rejected.map(\.reason) == [
        "row 1 of votes.csv has '\(count)' in column sadness, expected a number of votes from 0 to 1000000"
      ])
    #expect(try store.votes() == [1: ["neutral": 1_000_000]])
  }

  @Test("Votes belong to the csv that comes with them; of others only one may fit")
  func severalCSVs() throws {
    try withTemporaryDirectory { folder in
      let faces = try folder.write(TestDatasets.csv(Array(TestDatasets.rows[0..<2])), to: "faces.csv")
      let other = try folder.write(TestDatasets.csv(Array(TestDatasets.rows[2..<4])), to: "other.csv")
      let votes = try folder.write(
        header + "Training,a,9,0,0,0,0,0,0,0,0,0\nTraining,b,0,8,0,0,0,0,0,0,0,0\n", to: "votes.csv")
      let store = try DatasetStore.inMemory()
      _ = try Ingest.run(sources: [faces], into: store)
      let report = try Ingest.run(sources: [other], into: store, options: .init(votes: [votes]))
      #expect(try store.votes() == [3: ["neutral": 9], 4: ["happy": 8]])
      #expect(report.sources[1].notes == ["joined with the rows of other.csv"])

      let ambiguous = CurationError.ambiguousVotes("votes.csv", sources: ["faces.csv", "other.csv"])
      for sources in [[], [faces, other]] {
        #expect(throws: ambiguous) { try Ingest.run(sources: sources, into: store, options: .init(votes: [votes])) }
      }
      #expect(try store.votes().keys.sorted() == [3, 4])
      _ = try Ingest.run(sources: [faces], into: store, options: .init(votes: [votes]))
      #expect(try store.votes().keys.sorted() == [1, 2, 3, 4])
    }
  }

  @Test("Lines may end in CR, and a quote that is not closed is refused by its row")
  func lineEndsAndQuotes() throws {
    let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(2)))
    let text = header + "Training,\"a,1,0,0,0,0,0,0,0,0,0\nTraining,b,0,2,0,0,0,0,0,0,0,0\n"
    #expect(throws: CurationError.unclosedQuote("votes.csv", row: 0)) { try ingest(text, into: store) }
    let closed = text.replacing("\"", with: "").replacing("\n", with: "\r")
    #expect(try ingest(closed, into: store).added == 2)
    #expect(try store.votes() == [1: ["neutral": 1], 2: ["happy": 2]])
  }

  @Test("Votes for another number of rows, or for no rows at all, are refused")
  func mismatch() throws {
    let store = try TestDatasets.store(Array(TestDatasets.rows.prefix(3)))
    let one = header + "Training,a,1,0,0,0,0,0,0,0,0,0\n"
    #expect(throws: CurationError.voteRowCount("votes.csv", rows: 1, source: "fer.csv", sourceRows: 3)) {
      try ingest(one, into: store)
    }
    #expect(throws: CurationError.noRowsToJoin("votes.csv")) { try ingest(one, into: .inMemory()) }
    #expect(throws: CurationError.self) { try ingest("a,b\n1,2\n", into: store) }
    #expect(throws: CurationError.emptySource("votes.csv")) { try ingest("", into: store) }
  }
}
