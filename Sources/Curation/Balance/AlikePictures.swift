/// Which pictures are equal or almost so: copies of one are copies of all of them.
///
/// Equal pictures are always known; almost equal ones as far as the check `near-duplicates` has found and grouped them.
public struct AlikePictures: Sendable {
  /// The group of almost equal pictures by the fingerprint of each.
  private let groups: [String: String]

  /// Knows of almost equal pictures what the check `near-duplicates` found.
  ///
  /// - Parameters:
  ///   - findings: What checks found.
  ///   - samples: The samples that the findings are about, excluded ones too: their pictures may stand elsewhere.
  public init(findings: [Finding] = [], samples: [Sample] = []) {
    let near = findings.filter { $0.check == NearDuplicates.name }
    let found = Dictionary(near.map { ($0.sample, $0.group) }, uniquingKeysWith: { first, _ in first })
    var groups: [String: String] = [:]
    for sample in samples {
      if let group = found[sample.id] ?? nil { groups[sample.pixelHash] = group }
    }
    self.groups = groups
  }

  /// Reads what was found in a dataset.
  public init(of store: DatasetStore) throws {
    self.init(findings: try store.findings(check: NearDuplicates.name), samples: try store.allSamples())
  }

  /// What a picture has in common with those that are equal or almost equal to it, and with no others.
  func group(of sample: Sample) -> String { groups[sample.pixelHash] ?? sample.pixelHash }
}
