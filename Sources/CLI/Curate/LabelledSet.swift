import Curation
import Foundation
import Training

/// The labelled samples of one split with their pictures in memory.
struct LabelledSet {
  let images: ImageSet
  /// The class of each sample.
  let labels: [Int]

  /// Loads a split; samples without a label are left out.
  init(
    _ split: Split, of store: DatasetStore, channels: Int, size: Int, console: Console
  ) throws {
    let classes = try store.classes()
    let number = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let samples = try store.samples().filter { $0.split == split && $0.label != nil }
    images = try withProgress("Loading \(split.rawValue) pictures", console: console) { progress in
      try ImageSet(samples, from: store, channels: channels, size: size, progress: progress)
    }
    labels = samples.map { number[$0.label ?? ""] ?? -1 }
  }
}
