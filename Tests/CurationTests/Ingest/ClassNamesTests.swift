import Testing

@testable import Curation

struct ClassNamesTests {
  @Test("A class is found by its name in any case, by a synonym, and in a cell by its number")
  func lookup() {
    let classes = ClassNames(ClassNames.fer)
    #expect(classes.name(for: "Happiness") == "happy")
    #expect(classes.name(for: " ANGER ") == "angry")
    #expect(classes.name(for: "contempt") == nil)
    #expect(classes.name(for: "3") == nil)
    #expect(classes.name(forCell: "3") == "happy")
    #expect(classes.name(forCell: "Sadness") == "sad")
    #expect(classes.name(forCell: "7") == nil)
    #expect(classes.name(forCell: "-1") == nil)
    #expect(classes.name(forCell: "") == nil)
    #expect(ClassNames(["anger", "contempt"]).name(for: "angry") == "anger")
  }

  @Test("Folders that are all among FER2013's classes take its list, others their own names")
  func folders() {
    #expect(ClassNames.forFolders(["sadness", "Happy"]) == ClassNames.fer)
    #expect(ClassNames.forFolders(["sadness", "happy", "contempt", "happy"]) == ["contempt", "happy", "sadness"])
    // Folders that read alike are one class.
    #expect(ClassNames.forFolders(["anger", "contempt", "Anger"]) == ["Anger", "contempt"])
  }

  @Test("A list of classes has two or more different names")
  func lists() throws {
    #expect(try ClassNames.parse([" a", "b "]) == ["a", "b"])
    for list in [["a"], ["a", ""], ["a", "A"], ["happy", "happiness"], []] {
      #expect(throws: CurationError.badClassList(list.joined(separator: ","))) { try ClassNames.parse(list) }
    }
  }
}
