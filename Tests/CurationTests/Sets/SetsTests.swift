import Foundation
import GRDB
import Imaging
import TestSupport
import Testing

@testable import Curation

struct SampleFilterTests {
  private func keys(_ condition: String) throws -> [String] {
    let store = try TestDatasets.store()
    let ids = Set(try SampleFilter(condition).matches(in: store))
    return try store.samples().filter { ids.contains($0.id) }.map(\.key)
  }

  @Test func `A condition chooses by the fields of samples`() throws {
    #expect(try keys("label = 'disgust' and width >= 48 and split = 'train'") == ["row-0000001", "row-0000008"])
    #expect(try keys("\"group\" is null and key like '%00003'") == ["row-0000003"])
    #expect(try keys("0").isEmpty)
  }

  @Test func `Quality, votes and findings can be asked for`() throws {
    let store = try TestDatasets.store()
    let run = try store.beginRun(kind: "audit")
    let sample = try store.sample(key: "row-0000003")
    let label = try #require(sample.label)
    try store.store(
      suggestions: [],
      scores: [Score(sample: sample.id, label: label, quality: 0.1, verdict: nil, signals: Signals(probabilities: []))],
      run: run.id)
    try store.add(findings: [Finding(check: "blurry", sample: sample.id, score: 0.2, detail: "x")], run: run.id)
    #expect(try SampleFilter("quality < 0.2").matches(in: store) == [sample.id])
    #expect(try SampleFilter("findings like '%blurry%'").matches(in: store) == [sample.id])
    #expect(try SampleFilter("votes > 0").matches(in: store).isEmpty)
  }

  @Test(arguments: ["colour = 1", "label =", "1) ; DELETE FROM sample; --", "load_extension('x')"])
  func `What is no condition is refused and changes nothing`(condition: String) throws {
    let store = try TestDatasets.store()
    #expect(throws: (any Error).self) { try SampleFilter(condition).matches(in: store) }
    #expect(try store.samples().count == 28)
  }
}

struct SplitterTests {
  private func source(_ people: Int = 30) -> ArraySource {
    var source = ArraySource(classes: ["happy", "sad"])
    for person in 0..<people {
      for frame in 0..<3 {
        source.add(
          Image(height: 2, width: 2, pixels: [UInt8(person), UInt8(frame), 1, 2]),
          label: person % 3 == 0 ? "sad" : "happy", key: "happy/S\(String(100 + person))_001_0000\(frame).png")
      }
    }
    return source
  }

  @Test func `People stay whole, and every class gets its share`() throws {
    let samples = try source().samples()
    let names = try SampleGroups.names(matching: SampleGroups.subjectPattern, in: samples)
    #expect(Set(names.values).count == 30)
    let groups = SampleGroups(of: samples, names: names)
    #expect(groups.groups.count == 30)
    let changes = try Splitter(seed: 3).holdOut(groups, validation: 0.2, test: 0.1)
    let target = Dictionary(uniqueKeysWithValues: changes.map { ($0.sample, $0.to ?? "") })
    for group in groups.groups { #expect(Set(group.map { target[$0.id] ?? "train" }).count == 1) }
    for (label, total) in [("sad", 30), ("happy", 60)] {
      let members = samples.filter { $0.label == label }
      #expect(members.count { target[$0.id] == "validation" } == total / 5)
      #expect(members.count { target[$0.id] == "test" } == total / 10)
    }
    #expect(try Splitter(seed: 3).holdOut(groups, validation: 0.2, test: 0.1) == changes)
  }

  @Test func `Folds are even, stratified and cover everybody once`() throws {
    let samples = try source().samples()
    let groups = SampleGroups(
      of: samples, names: try SampleGroups.names(matching: "S[0-9]{3}", in: samples))
    let folds = try Splitter(seed: 1).folds(groups, count: 5)
    #expect(folds.count == 90)
    for fold in 0..<5 {
      let members = samples.filter { folds[$0.id] == fold }
      #expect(members.count == 18 && members.count { $0.label == "sad" } == 6)
    }
    #expect(throws: SetsError.tooFewGroups(30, folds: 31)) { try Splitter().folds(groups, count: 31) }
  }

  @Test func `Samples that are in test already stay, and so does what belongs to them`() throws {
    var source = source(10)
    source.update(1) { $0.split = .test }
    let samples = try source.samples()
    let groups = SampleGroups(of: samples, names: try SampleGroups.names(matching: "S[0-9]{3}", in: samples))
    let changes = try Splitter().holdOut(groups, validation: 0.3, test: 0)
    #expect(changes.allSatisfy { $0.sample > 3 && $0.to == "validation" })
  }

  @Test func `Equal pictures, stored groups and near pairs are one group`() throws {
    var source = ArraySource()
    for value in [1, 1, 2, 3, 4, 5] as [UInt8] { source.add(Image(height: 2, width: 2, filledWith: value)) }
    source.update(3) { $0.group = "a" }
    source.update(4) { $0.group = "a" }
    let groups = SampleGroups(
      of: try source.samples(), pairs: [NearPair(first: 4, second: 5, correlation: 0.98)])
    #expect(groups.groups.map { $0.map(\.id) } == [[1, 2], [3, 4, 5], [6]])
  }

  @Test func `A group is called what most of its members are called, else by its first`() throws {
    let store = try TestDatasets.store()
    let samples = Array(try store.samples().prefix(7))
    try store.write { db in
      for (sample, name) in zip(samples, ["S2", "S1", "S1"]) {
        try db.execute(sql: #"UPDATE sample SET "group" = ? WHERE id = ?"#, arguments: [name, sample.id])
      }
    }
    let pairs = [(0, 1), (1, 2), (2, 3), (4, 5)].map {
      NearPair(first: samples[$0].id, second: samples[$1].id, correlation: 0.98)
    }
    let groups = SampleGroups(of: try store.samples(), pairs: pairs)
    _ = try store.split([], groups: groups, recipe: ["with": "near"], seed: 1)
    let alone = "with:" + samples[4].key
    #expect(
      try store.samples().prefix(7).map(\.group) == ["S1", "S1", "S1", "S1", alone, alone, nil])
  }

  @Test func `Impossible shares and patterns are refused in words`() throws {
    let groups = SampleGroups(of: try source().samples())
    #expect(throws: SetsError.badShares("0.7 and 0.4")) {
      try Splitter().holdOut(groups, validation: 0.7, test: 0.4)
    }
    let error = #expect(throws: SetsError.self) {
      try SampleGroups.names(matching: "nobody", in: try source().samples())
    }
    #expect(error?.description == "the pattern 'nobody' cannot be used: it is found in no key")
    #expect(throws: SetsError.self) { try SampleGroups.names(matching: "(", in: try source().samples()) }
  }
}

struct VoteRuleTests {
  @Test(
    arguments: [
      (["happy": 6, "sad": 4], "happy", "happy", "happy"), (["happy": 5, "sad": 5], nil, nil, nil),
      (["happy": 4, "sad": 3, "fear": 3], nil, "happy", nil),
      // Single votes are slips to FER+: of 8 that count, 5 are more than half.
      (["happy": 5, "sad": 3, "fear": 1, "angry": 1], nil, "happy", "happy"), (["NF": 10], "NF", "NF", "NF"),
      ([:], nil, nil, nil),
      (["happy": 1], "happy", "happy", nil),
    ] as [(Votes, String?, String?, String?)])
  func `The winner of votes`(votes: Votes, majority: String?, plurality: String?, ferPlus: String?) {
    #expect(VoteRule.majority.winner(of: votes) == majority)
    #expect(VoteRule.plurality.winner(of: votes) == plurality)
    #expect(VoteRule.ferPlus.winner(of: votes) == ferPlus)
  }

  @Test func `Winners become labels, and the undecided go only when asked`() throws {
    var source = ArraySource()
    for label in ["happy", "happy", "sad", "fear", "fear"] {
      source.add(Image(height: 2, width: 2, filledWith: 1), label: label)
    }
    let votes: [Int64: Votes] = [1: ["happy": 9], 2: ["sad": 9, "happy": 1], 3: ["sad": 5, "fear": 5], 4: ["NF": 10]]
    let samples = try source.samples()
    let classes = try source.classes()
    let changes = VoteRule.majority.changes(of: samples, votes: votes, classes: classes, excludesUndecided: false)
    #expect(changes.map { "\($0.sample) \($0.to ?? "")" } == ["2 sad"])
    #expect(changes.first?.reason == "majority of the votes: sad 9, happy 1")
    let strict = VoteRule.majority.changes(of: samples, votes: votes, classes: classes, excludesUndecided: true)
    #expect(
      strict.map { "\($0.sample) \($0.field) \($0.to ?? "")" } == ["2 label sad", "3 excluded true", "4 excluded true"])
    #expect(strict.last?.reason == "majority of the votes: NF is no class (NF 10)")
  }
}

struct DatasetMergeTests {
  private func other() throws -> DatasetStore {
    try withTemporaryDirectory { folder in
      for (name, seed) in [
        ("anger/S010_004_00000017.png", 900), ("anger/S010_004_00000018.png", 901),
        ("contempt/S011_001_00000001.png", 902),
        ("happy/S012_001_00000001.png", 0),
      ] as [(String, UInt64)] {
        try folder.write(try PNGCodec.encode(TestImages.face(seed: seed)), to: "set/\(name)")
      }
      let store = try DatasetStore.inMemory()
      _ = try Ingest.run(sources: [folder.path + "/set"], into: store)
      let sample = try store.sample(key: "anger/S010_004_00000017.png")
      try store.addDerived(
        [Derivation(parent: sample.id, operations: [.flip])], actor: "rule augment", run: nil, reason: "test")
      return store
    }
  }

  @Test func `Labels go to the classes of their name or synonym, copies follow, equal pictures meet`() throws {
    let store = try TestDatasets.store()
    let report = try DatasetMerge(mapping: LabelMapping(parsing: "contempt=-"), name: "ck").add(other(), to: store)
    #expect(report.added == 4 && report.leftOut == 1)
    #expect(report.labels == ["anger": "angry", "happy": "happy"])
    let merged = try store.sample(key: "anger/S010_004_00000017.png")
    #expect(merged.label == "angry" && merged.split == .train)
    let copy = try store.sample(key: "anger/S010_004_00000017.png#001")
    #expect(try store.derivation(of: copy)?.parent == merged.id)
    #expect(try store.image(of: copy) == store.image(of: merged).flipped())
    let twin = try store.sample(key: "happy/S012_001_00000001.png")
    #expect(try twin.group == store.sample(key: "row-0000000").group && twin.group != nil)
    #expect(try store.verifyEvents().isEmpty)
    #expect(try store.classes() == TestDatasets.classes)
  }

  @Test func `A label that goes nowhere is refused, or becomes a class when asked`() throws {
    let store = try TestDatasets.store()
    let error = #expect(throws: SetsError.self) { try DatasetMerge(name: "ck").add(other(), to: store) }
    #expect(error?.description.hasSuffix("or to - to leave its samples out: --map contempt=-") == true)
    #expect(try store.samples().count == 28)
    let report = try DatasetMerge(mapping: LabelMapping(parsing: "contempt=contempt"), name: "ck").add(
      other(), to: store)
    #expect(report.added == 5)
    #expect(try store.classes() == TestDatasets.classes + ["contempt"])
  }

  @Test func `A key that is taken gets the name of the dataset`() throws {
    let store = try TestDatasets.store()
    let again = try TestDatasets.store([TestRow(0, seed: 0), TestRow(3, seed: 77)])
    let report = try DatasetMerge(name: "more").add(again, to: store)
    #expect(report.unchanged == 1 && report.added == 1)
    #expect(try store.sample(key: "more/row-0000001").label == "happy")
  }

  @Test func `A copy stands where its parent does, though that was elsewhere in its own dataset`() throws {
    let store = try TestDatasets.store()
    let other = try TestDatasets.store()
    let (here, there) = (try store.sample(key: "row-0000002"), try other.sample(key: "row-0000002"))
    try store.apply(
      [
        LabelChange(sample: here.id, field: .split, to: "test", reason: ""),
        LabelChange(sample: here.id, field: .label, to: "sad", reason: ""),
      ], actor: "reviewer ann", run: nil)
    try other.addDerived(
      [Derivation(parent: there.id, operations: [.flip])], actor: "rule augment", run: nil, reason: "test")
    #expect(try DatasetMerge(name: "more").add(other, to: store).added == 1)
    let (parent, copy) = (try store.sample(key: "row-0000002"), try store.sample(key: "row-0000002#001"))
    #expect(copy.split == .test && copy.label == "sad")
    #expect(parent.group != nil && parent.group == copy.group)
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test func `A copy of a face that is excluded here is excluded, by an event`() throws {
    let store = try TestDatasets.store()
    let other = try TestDatasets.store()
    let (here, there) = (try store.sample(key: "row-0000002"), try other.sample(key: "row-0000002"))
    try store.apply(
      [LabelChange(sample: here.id, field: .excluded, to: "true", reason: "")], actor: "reviewer ann", run: nil)
    try other.addDerived(
      [Derivation(parent: there.id, operations: [.flip])], actor: "rule augment", run: nil, reason: "test")
    _ = try DatasetMerge(name: "more").add(other, to: store)
    #expect(try store.sample(key: "row-0000002#001").excluded)
    #expect(try store.verifyEvents().isEmpty)
  }

  @Test func `Groups that are called after one key in two datasets stay two`() throws {
    // Both have a picture of the key row-0000000 and one that belongs to it.
    func store(seed: UInt64) throws -> DatasetStore {
      let store = try TestDatasets.store([TestRow(0, seed: seed), TestRow(1, seed: seed + 1)])
      try store.write { try $0.execute(sql: #"UPDATE sample SET "group" = 'with:row-0000000'"#) }
      return store
    }
    let (target, other) = (try store(seed: 70), try store(seed: 80))
    #expect(try DatasetMerge(name: "more").add(other, to: target).added == 2)
    let groups = try target.samples().map(\.group)
    #expect(groups == ["with:row-0000000", "with:row-0000000", "with:more/row-0000000", "with:more/row-0000000"])
    // What belongs to a picture that is here already goes to its group here.
    let more = try TestDatasets.store([TestRow(0, seed: 70), TestRow(2, seed: 90)])
    try more.write { try $0.execute(sql: #"UPDATE sample SET "group" = 'with:row-0000000'"#) }
    #expect(try DatasetMerge(name: "third").add(more, to: target).added == 1)
    #expect(try target.samples().last?.group == "with:row-0000000")
  }

  @Test func `Votes for classes that become one are added up`() throws {
    // Another picture than any in the dataset it goes to, and votes for anger and disgust.
    let other = try TestDatasets.store([TestRow(0, seed: 77), TestRow(1, seed: 78)])
    try withTemporaryDirectory { folder in
      let votes =
        "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
        + "Training,fer0000000.png,1,0,0,0,4,3,0,0,0,0\nTraining,,0,0,0,0,0,0,0,0,0,0\n"
      let path = try folder.write(votes, to: "votes.csv")
      _ = try Ingest.run(sources: [], into: other, options: .init(votes: [path]))
    }
    let store = try TestDatasets.store()
    _ = try DatasetMerge(mapping: LabelMapping(parsing: "disgust=angry"), name: "more").add(other, to: store)
    let merged = try store.sample(key: "more/row-0000000")
    #expect(try store.votes()[merged.id] == ["angry": 7, "neutral": 1])
  }

  @Test func `A dataset that was merged already is there, and what changed under its keys is counted on`() throws {
    let store = try TestDatasets.store()
    let merges: [(UInt64, [Int])] = [(77, [1, 1]), (77, [0, 2]), (78, [1, 1]), (79, [1, 1]), (78, [0, 2])]
    for (seed, expected) in merges {
      let other = try TestDatasets.store([TestRow(0, seed: 0), TestRow(3, seed: seed)])
      let report = try DatasetMerge(name: "more").add(other, to: store)
      #expect([report.added, report.unchanged] == expected, "\(seed)")
    }
    #expect(
      try store.samples().dropFirst(28).map(\.key) == [
        "more/row-0000001", "more-2/row-0000001", "more-3/row-0000001",
      ])
  }

  @Test func `A mapping of a label that no added dataset has is refused`() throws {
    let mapping = try LabelMapping(parsing: "contempt=-,anger=angry")
    try mapping.requireKnown(["contempt", "happy", "anger"])
    #expect(throws: SetsError.unknownLabel("anger", known: ["contempt", "happy"])) {
      try mapping.requireKnown(["happy", "contempt"])
    }
  }

  @Test(arguments: ["anger", "a=b=c", "=b", "a=", "a=b,a=c"]) func `What is no mapping is refused`(text: String) {
    #expect(throws: SetsError.badMapping(text)) { try LabelMapping(parsing: text) }
  }
}
