/// A check that judges pairs of almost equal pictures.
///
/// All checks of this kind share one search when they run together.
public protocol NearCheck: Check {
  /// Judges the pairs that were found.
  func findings(about near: NearDuplicateSet) -> [Finding]
}

extension NearCheck {
  /// Searches the dataset and judges what is found.
  public func findings(in source: some SampleSource, progress: Progress) throws -> [Finding] {
    findings(about: try NearDuplicateSet(of: source, progress: progress))
  }
}

/// The pairs of almost equal pictures of a dataset, and the samples that show them.
public struct NearDuplicateSet: Sendable {
  /// The pairs, in order of ids; of samples with equal pixels only the first is named.
  public let pairs: [NearPair]
  /// All samples with the pixels of a picture that is named in a pair, by the id of the first.
  let samples: [Int64: [Sample]]

  /// Searches a dataset.
  ///
  /// - Throws: whatever the source or `progress` throws.
  public init(of source: some SampleSource, progress: Progress = { _, _ in }) throws {
    try self.init(PicturePass(of: source, wants: [.signatures], progress: progress), in: source)
  }

  init(_ pass: PicturePass, in source: some SampleSource) throws {
    pairs = try NearSearch().pairs(
      among: pass.distinct, isBlank: pass.isBlank, signatures: pass.signatures, in: source)
    var samples: [Int64: [Sample]] = [:]
    for pair in pairs {
      samples[pair.first] = []
      samples[pair.second] = []
    }
    pass.forEachSample { sample, place in samples[pass.distinct[place].id]?.append(sample) }
    self.samples = samples
  }

  /// The sample that is named in pairs.
  func sample(_ id: Int64) -> Sample? { samples[id]?.first }

  /// What a finding says of a pair after "almost the same picture as ": key, change, correlation.
  func words(for pair: NearPair, seenFrom id: Int64) -> String {
    let other = pair.first == id ? pair.second : pair.first
    let change = pair.change.isEmpty ? "" : pair.change + ", "
    let correlation = "\((pair.correlation * 1000).rounded() / 1000)"
    return "\(sample(other)?.key ?? "id \(other)") (\(change)correlation \(correlation))"
  }

  /// The pair of each picture that correlates most.
  var closest: [Int64: NearPair] {
    var closest: [Int64: NearPair] = [:]
    for pair in pairs {
      for id in [pair.first, pair.second] where pair.correlation > closest[id]?.correlation ?? -1 { closest[id] = pair }
    }
    return closest
  }
}
