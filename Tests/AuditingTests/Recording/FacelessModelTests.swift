import Curation
import Randomness
import Testing

@testable import Auditing

/// Pictures without a face, learned crosswise from votes that say so.
struct FacelessModelTests {
  /// Samples of which every eighth has no face, which shows in one trait.
  private func fixture(_ count: Int = 320) -> (samples: [Sample], votes: [Int64: Votes], traits: PictureTraits) {
    var generator = SeededGenerator(seed: 8, "faceless")
    var values: [Float] = []
    var (samples, votes): ([Sample], [Int64: Votes]) = ([], [:])
    for index in 0..<count {
      let isFaceless = index % 8 == 0
      var row = (0..<PictureTraits.count).map { _ in Float(generator.normal()) }
      row[1] += isFaceless ? 6 : 0
      values += row
      // The last eighth is of another split and has no fold.
      samples.append(
        Sample(
          id: Int64(index + 1), key: "row-\(index)", split: index < count * 7 / 8 ? .train : .test, label: "happy",
          width: 1, height: 1, channels: 1, encoding: .gray8, pixelHash: "hash\(index)", source: 1))
      votes[Int64(index + 1)] = isFaceless ? ["NF": 10] : ["happy": 10]
    }
    return (samples, votes, PictureTraits(values: values))
  }

  @Test func `pictures without a face come first, in all splits`() {
    let (samples, votes, traits) = fixture()
    let found = FacelessModel.probabilities(samples: samples, votes: votes, folds: Folds(samples, count: 10, seed: 1)) {
      traits
    }
    for split in [Split.train, .test] {
      let own = samples.indices.filter { samples[$0].split == split }
      let first = own.sorted { found[$0] > found[$1] }.prefix(own.count / 8)
      #expect(first.count { $0 % 8 == 0 } >= first.count * 9 / 10)
    }
    #expect(found.allSatisfy { 0 < $0 && $0 < 1 })
  }

  @Test func `a sample's own votes do not speak for it, those of others do`() {
    let (samples, votes, traits) = fixture()
    let folds = Folds(samples, count: 10, seed: 1)
    func found(_ votes: [Int64: Votes]) -> [Double] {
      FacelessModel.probabilities(samples: samples, votes: votes, folds: folds) { traits }
    }
    var changed = votes
    changed[samples[9].id] = ["NF": 10]
    let (before, after) = (found(votes), found(changed))
    #expect(before[9] == after[9])
    let fold = folds.heldOutBy[9]
    for index in samples.indices { #expect((before[index] == after[index]) == (folds.heldOutBy[index] == fold)) }
  }

  @Test func `too few such votes teach nothing, those on other splits do not count, and no traits are worked out`() {
    let (samples, votes, traits) = fixture(72)
    #expect(votes.values.count { VoteTruth.isNotAFace($0) } == 9)
    var asked = 0
    func found(_ samples: [Sample]) -> [Double] {
      FacelessModel.probabilities(samples: samples, votes: votes, folds: Folds(samples, count: 10, seed: 1)) {
        asked += 1
        return traits
      }
    }
    // Eight are training samples; now seven.
    #expect(found(samples).count == 72)
    var fewer = samples
    fewer[0].split = .validation
    #expect(found(fewer).isEmpty)
    #expect(asked == 1)
  }
}
