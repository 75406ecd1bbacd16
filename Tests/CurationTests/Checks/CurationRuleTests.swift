import Curation
import Imaging
import TestSupport
import Testing

struct CurationRuleTests {
  private func picture(_ seed: UInt8) -> Image {
    Image(height: 4, width: 4, pixels: (0..<16).map { UInt8($0) &* 13 &+ seed })
  }

  private func changes(
    _ rules: [CurationRule], _ source: ArraySource, splits: Set<Split> = Set(Split.allCases)
  ) throws -> [String] {
    let findings = try Checks.run(on: source)
    return CurationRule.changes(by: rules, findings: findings, samples: try source.samples(), splits: splits)
      .map { "\($0.sample) \($0.field.rawValue) \($0.to ?? "-")" }
  }

  @Test func `The majority of the training copies decides, and test labels neither vote nor change`() throws {
    var source = ArraySource()
    for label in ["happy", "happy", "sad"] { source.add(picture(1), label: label) }
    source.add(picture(1), label: "fear", split: .test)
    for label in ["angry", "fear"] { source.add(picture(2), label: label) }
    #expect(try changes([.keepMajorityLabel], source) == ["3 label happy"])
    #expect(try changes([.dropTiedLabels], source) == ["5 excluded true", "6 excluded true"])
  }

  @Test func `Training pictures with a copy in another split go, the others stay`() throws {
    var source = ArraySource()
    source.add(picture(1))
    source.add(picture(1))
    source.add(picture(1), split: .validation)
    source.add(picture(2), split: .validation)
    source.add(picture(2), split: .test)
    #expect(try changes([.dropLeaks], source) == ["1 excluded true", "2 excluded true"])
  }

  @Test func `One copy stays in every split`() throws {
    var source = ArraySource()
    for split in [Split.train, .test, .train, .test, .train] { source.add(picture(1), split: split) }
    #expect(try changes([.dropDuplicates], source) == ["3 excluded true", "4 excluded true", "5 excluded true"])
    #expect(try changes([.dropDuplicates], source, splits: [.train]) == ["3 excluded true", "5 excluded true"])
  }

  @Test func `Blank pictures go`() throws {
    var source = ArraySource()
    source.add(Image(height: 4, width: 4, filledWith: 3))
    source.add(picture(1))
    #expect(try changes([.dropBlank], source) == ["1 excluded true"])
  }

  @Test func `Rules together change each sample once, whatever their order`() throws {
    var source = ArraySource()
    source.add(Image(height: 4, width: 4, filledWith: 3), label: "sad")
    source.add(Image(height: 4, width: 4, filledWith: 3), label: "happy", split: .test)
    for label in ["happy", "happy", "sad"] { source.add(picture(1), label: label) }
    for label in ["fear", "sad"] { source.add(picture(2), label: label) }
    source.add(picture(3), label: "fear")
    source.add(picture(3), label: "fear", split: .test)
    let rules: [CurationRule] = [.dropBlank, .keepMajorityLabel, .dropTiedLabels, .dropLeaks, .dropDuplicates]
    let expected = [
      "1 excluded true", "2 excluded true", "4 excluded true", "5 excluded true", "6 excluded true", "7 excluded true",
      "8 excluded true",
    ]
    #expect(try changes(rules, source) == expected)
    #expect(try changes(rules.reversed(), source) == expected)
  }

  @Test func `What all rules leave has no copies, conflicts, leaks or blanks`() throws {
    var source = ArraySource()
    let samples = try SyntheticFaces.dataset(.init(count: 300, duplicates: 40))
    for sample in samples { source.add(sample.image, label: sample.given.rawValue, split: sample.split) }
    let findings = try Checks.run(on: source)
    #expect(!findings.isEmpty)
    let all = CurationRule.changes(by: CurationRule.allCases, findings: findings, samples: try source.samples())
    for change in all {
      source.update(change.sample) { sample in
        if change.field == .excluded { sample.excluded = true } else { sample.label = change.to }
      }
    }
    let names = ["exact-duplicates", "conflicting-duplicates", "leaks", "blank"]
    #expect(try Checks.run(names, on: source).isEmpty)
  }

  @Test func `Reasons name the rule and the other sample`() throws {
    var source = ArraySource()
    source.add(picture(1))
    source.add(picture(1), split: .test)
    let findings = try Checks.run(on: source)
    let change = CurationRule.changes(by: [.dropLeaks], findings: findings, samples: try source.samples()).first
    #expect(change?.reason == "drop-leaks: the same picture is in test as row-0000001")
  }

  @Test func `An unknown rule is refused with the known ones`() {
    let error = #expect(throws: ChecksError.self) { try CurationRule.named("drop") }
    #expect(
      error?.description
        == "there is no rule 'drop'; known are " + CurationRule.allCases.map(\.rawValue).joined(separator: ", ")
    )
    #expect(throws: Never.self) { try CurationRule.named("drop-leaks") }
  }

  @Test func `Leaks can be moved into training in place of being dropped`() throws {
    var source = ArraySource()
    source.add(picture(1))
    source.add(picture(1), split: .test)
    source.add(picture(2), split: .test)
    #expect(try changes([.moveLeaks], source) == ["2 split train"])
    #expect(try changes([.moveLeaks, .dropLeaks, .dropDuplicates], source) == ["2 excluded true"])
    #expect(try changes([.moveLeaks], source, splits: [.validation]) == [])
  }

  @Test func `Almost equal pictures go by rules of their own`() throws {
    var source = ArraySource()
    let face = TestImages.face(seed: 4)
    source.add(face, label: "happy")
    source.add(face.brightened(by: 9), label: "sad")
    source.add(face.flipped(), label: "happy", split: .test)
    #expect(try changes([.dropNearDuplicates], source) == ["2 excluded true"])
    #expect(try changes([.dropNearLeaks], source) == ["1 excluded true", "2 excluded true"])
    #expect(try changes([.dropNearConflicts], source) == ["1 excluded true", "2 excluded true"])
  }

  @Test func `Every check of single pictures has a rule`() throws {
    let checks = Checks.all.filter { $0 is any PictureCheck.Type || $0 is any FaceCheck.Type }.map { $0.name }
    for check in checks + ["odd-size"] { #expect(try CurationRule.named("drop-\(check)").check == check) }
    #expect(CurationRule.allCases.allSatisfy { !$0.summary.isEmpty })
  }
}
