import Curation
import Foundation
import Testing

struct CurationErrorTests {
  @Test("Errors say what is wrong, where, and what to do")
  func wording() {
    let wordings: [(CurationError, String)] = [
      (
        .noSuchDataset(path: "a.fercure"),
        "there is no dataset a.fercure; 'fercure ingest SOURCE --into a.fercure' makes one"
      ),
      (.datasetExists(path: "a.fercure"), "a.fercure exists already; choose another name or remove it first"),
      (.notADataset(path: "a.txt", found: "text"), "a.txt is no fercure dataset: it is text"),
      (.newerDataset(path: "a"), "a was written by a newer fercure than 0.1.0; update fercure to open it"),
      (.cannotWrite(path: "a", reason: "disk full"), "cannot write a: disk full"),
      (.noSuchSample("row-0000007"), "there is no sample row-0000007"),
      (.unknownClass("joy", known: ["happy", "sad"]), "there is no class 'joy'; the classes are happy, sad"),
      (
        .badValue(field: .split, value: "eval", sample: "row-0000007"),
        "row-0000007 cannot have the split 'eval'; it is one of train, validation, test"
      ),
      (.badReviewer(""), "a reviewer has a name of 1 to 80 characters, none of them a control character"),
      (.alreadyUndone(run: 3, by: 5), "run 3 was undone already, by run 5"),
      (
        .changedSince(run: 3, sample: "row-0000007", field: .label, by: "reviewer ann, run 4"),
        "run 3 cannot be undone: the label of row-0000007 was changed again by reviewer ann, run 4; undo that first, or use force"
      ),
      (
        .wrongColumns("a.csv", found: ["x", "y"], wanted: "emotion, pixels and Usage"),
        "a.csv has the columns x, y; wanted are emotion, pixels and Usage"
      ),
      (.notACSV("fer2013.csv", found: "a web page"), "fer2013.csv is no csv: it is a web page"),
      (
        .voteRowCount("votes.csv", rows: 3, source: "fer.csv", sourceRows: 4),
        "votes.csv has votes for 3 rows, but fer.csv has 4"
      ),
      (
        .ambiguousVotes("votes.csv", sources: ["a.csv", "b.csv"]),
        "votes.csv has votes for as many rows as a.csv and b.csv have; ingest it together with its own csv"
      ),
      (.unclosedQuote("d.csv", row: 3), "row 3 of d.csv opens a quote that is not closed; close it there"),
      (.unclosedQuote("d.csv", row: nil), "the header of d.csv opens a quote that is not closed; close it there"),
      (
        .nothingTaken(rejected: 2, first: "row 0 of a.csv is blank"),
        "nothing was taken: 2 items were rejected, the first because row 0 of a.csv is blank"
      ),
      (
        .nothingTaken(rejected: 1, first: "row 0 of a.csv is blank"),
        "nothing was taken: one item was rejected, because row 0 of a.csv is blank"
      ),
      (
        .folderHoldsLinkedFiles("out", files: 2, example: "out/a.png"),
        "out holds 2 of the files that the dataset is linked to, such as out/a.png; choose another folder"
      ),
      (
        .decompressorMissing("xz", file: "a.csv"),
        "a.csv is compressed, but the program 'xz' that opens it is not installed"
      ),
    ]
    for (error, wording) in wordings {
      #expect(error.description == wording)
      #expect((error as any Error).localizedDescription == wording)
    }
  }
}
