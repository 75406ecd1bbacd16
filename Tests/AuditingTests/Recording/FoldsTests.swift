import Curation
import Testing

@testable import Auditing

@Suite struct FoldsTests {
  private func sample(_ id: Int64, _ split: Split, _ hash: String, _ label: String, group: String? = nil) -> Sample {
    Sample(
      id: id, key: "row-\(id)", split: split, label: label, width: 1, height: 1, channels: 1, encoding: .gray8,
      pixelHash: hash, source: 1, group: group)
  }

  @Test func `identical pictures and groups share a fold, across splits too`() {
    var samples: [Sample] = []
    for id in 0..<300 {
      let split: Split = id % 10 == 9 ? .test : .train
      samples.append(
        sample(Int64(id), split, "hash\(id / 3)", ["a", "b"][id % 2], group: id % 7 == 0 ? "subject\(id % 5)" : nil))
    }
    let folds = Folds(samples, count: 3, seed: 1)
    for (i, a) in samples.enumerated() {
      for (j, b) in samples.enumerated()
      where a.pixelHash == b.pixelHash || (a.group != nil && a.group == b.group) {
        #expect(folds.heldOutBy[i] == folds.heldOutBy[j])
      }
    }
    #expect(Folds(samples, count: 3, seed: 1) == folds)
    #expect(Folds(samples, count: 3, seed: 2) != folds)
  }

  @Test func `folds have about the same number of every class, and test pictures without twins belong to none`() {
    let samples = (0..<900).map { id in
      sample(Int64(id), id < 800 ? .train : .test, "hash\(id)", id % 20 == 0 ? "rare" : "common")
    }
    let folds = Folds(samples, count: 4, seed: 3)
    for label in ["rare", "common"] {
      let sizes = (0..<4).map { fold in
        samples.indices.count { folds.heldOutBy[$0] == fold && samples[$0].label == label }
      }
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(label): \(sizes)")
    }
    #expect(samples.indices.allSatisfy { (folds.heldOutBy[$0] == nil) == (samples[$0].split == .test) })
  }
}
