import Testing

@testable import Curation

struct FileNamesTests {
  private func sample(_ key: String, label: String? = "happy", split: Split = .train) -> Sample {
    Sample(
      id: 1, key: key, split: split, label: label, width: 1, height: 1, channels: 1, encoding: .gray8, pixelHash: "",
      source: 1)
  }

  @Test("Names are safe on every file system")
  func safety() {
    let names = [
      ("row-0000001", "row-0000001"), ("a/b", "a__b"), ("../../etc", "_.__..__etc"), ("", "_"), (".hidden", "_hidden"),
      ("a#1:2*?\"<>|\\", "a-1-2-------"), ("ä", "ä"), ("😀", "-"),
    ]
    for (text, name) in names { #expect(FileNames.safe(text) == name) }
    let long = FileNames.safe(String(repeating: "x", count: 400))
    #expect(long.utf8.count < 100)
    #expect(long != FileNames.safe(String(repeating: "x", count: 401)))
  }

  @Test("No two samples of a split have the same path, whatever their case")
  func collisions() {
    var names = FileNames()
    #expect(names.path(for: sample("a/b.jpg"), extension: "jpg") == "happy/a__b.jpg")
    #expect(names.path(for: sample("A__b"), extension: "jpg") == "happy/A__b~2.jpg")
    #expect(names.path(for: sample("a/b"), extension: "png") == "happy/a__b.png")
    #expect(names.path(for: sample("a/b.jpg", split: .test), extension: "jpg") == "happy/a__b.jpg")
    #expect(names.path(for: sample("a/b.jpg#001"), extension: "png") == "happy/a__b-001.png")
    #expect(names.path(for: sample("x", label: nil), extension: "png") == "unlabelled/x.png")
  }
}
