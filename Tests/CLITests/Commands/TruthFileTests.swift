import Curation
import Foundation
import TestSupport
import Testing

@testable import CLI

/// What a truth file says, and words for a shell.
@Suite struct TruthFileTests {
  @Test func `keys with commas and quotes are read as csv has them`() throws {
    var samples = try TestDatasets.store().samples()
    samples[0].key = "a, \"b\".png"
    try withTemporaryDirectory { folder in
      let path = try folder.write(
        "\u{feff}note,True,KEY\r\nx,sad,\"a, \"\"b\"\".png\"\r\n,happy,row-0000001\r\n,bored,row-0000002\r\n",
        to: "truth.csv")
      let truth = try Truths.file(path, samples: samples, classes: TestDatasets.classes)
      #expect(truth == [1: 4, 2: 3])
    }
  }

  @Test(arguments: [
    [0x6b, 0x65, 0x79, 0xe9], Array("key,true\n\"a.png,happy\n".utf8), Array("id,label\n1,sad\n".utf8),
  ])
  func `what is no table of keys and truths is refused`(_ bytes: [UInt8]) throws {
    try withTemporaryDirectory { folder in
      let path = try folder.write(bytes, to: "truth.csv")
      #expect(throws: (any Error).self) { try Truths.table(path) }
    }
  }

  @Test(arguments: [
    ("faces/a-b_c.csv", "faces/a-b_c.csv"), ("my faces.csv", "'my faces.csv'"), ("it's", #"'it'\''s'"#), ("", "''"),
    ("a;rm -rf ~", "'a;rm -rf ~'"), ("gesichter/für", "'gesichter/für'"), ("$HOME", "'$HOME'"),
  ])
  func `a shell takes words as they are`(_ word: String, _ written: String) {
    #expect(ShellText.word(word) == written)
  }
}
