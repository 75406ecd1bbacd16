/// Samples whose pictures are equal pixel by pixel, however they were stored.
///
/// Equality is that of SHA-256 over size and decoded pixels (`Sample.pixelHash`).
struct CopyGroups {
  /// Groups of two or more, in order of their first member; members in order of id.
  let groups: [[Sample]]

  init(of samples: [Sample]) {
    var members: [String: [Sample]] = [:]
    for sample in samples { members[sample.pixelHash, default: []].append(sample) }
    groups = members.values.filter { $0.count > 1 }.map { $0.sorted { $0.id < $1.id } }
      .sorted { $0[0].id < $1[0].id }
  }

  /// The name of the group of a picture.
  static func name(of sample: Sample) -> String { "pixels:" + sample.pixelHash.prefix(16) }

  /// Lists the keys of the other members of a group, the first few by name.
  static func others(than sample: Sample, in group: [Sample]) -> String {
    let keys = group.lazy.filter { $0.id != sample.id }.map(\.key)
    let shown = keys.prefix(3).joined(separator: ", ")
    let rest = group.count - 1 - min(3, group.count - 1)
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }
}
