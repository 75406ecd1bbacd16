/// Groups of almost equal pictures without chains: every member is almost equal to one and the same picture of its group.
///
/// So the members of a group cannot drift apart: with pairs that correlate by at least c, any two members are within
/// twice the angle whose cosine is c (0.97 allows 0.88). Joining whatever is connected by pairs would have no such bound.
struct NearGroups: Sendable {
  /// A group: the picture at its centre, and the pairs of the centre with each other member.
  struct Group: Sendable {
    var centre: Int64
    /// By falling correlation.
    var pairs: [NearPair]

    /// The centre, then the others.
    var members: [Int64] { [centre] + pairs.map { $0.first == centre ? $0.second : $0.first } }
  }

  /// The groups, the largest first.
  let groups: [Group]

  /// Takes the picture with the most partners as the centre of a group of all of them, then goes on with the rest.
  ///
  /// A picture whose only partners are in other groups already stays alone with its pair.
  init(of pairs: [NearPair]) {
    var partners: [Int64: [NearPair]] = [:]
    for pair in pairs {
      partners[pair.first, default: []].append(pair)
      partners[pair.second, default: []].append(pair)
    }
    var groups: [Group] = []
    var taken: Set<Int64> = []
    for (centre, own) in partners.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) })
    where !taken.contains(centre) {
      let free = own.filter { !taken.contains($0.first == centre ? $0.second : $0.first) }
      guard !free.isEmpty else { continue }
      let group = Group(
        centre: centre,
        pairs: free.sorted { ($1.correlation, $0.first, $0.second) < ($0.correlation, $1.first, $1.second) })
      taken.formUnion(group.members)
      groups.append(group)
    }
    self.groups = groups
  }
}
