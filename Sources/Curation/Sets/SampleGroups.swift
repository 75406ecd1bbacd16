import GRDB

/// Puts samples together that must not be parted: equal pictures, almost equal ones, one person, a copy and its parent.
///
/// What is connected in any way is one group: a chain may drift, but nothing leaks along it.
public struct SampleGroups: Sendable {
  /// The samples of each group, in order of id, and the groups in order of their first sample.
  ///
  /// A sample that belongs to no other is a group of its own.
  public let groups: [[Sample]]

  /// What the names of groups begin with that were found to belong together; the key of the first sample follows.
  static let foundPrefix = "with:"
  /// What the names of a picture's and its copies' groups begin with; the key of the picture follows.
  static let familyPrefix = "family:"
  /// What comes before a key in the names of groups.
  static let prefixesOfKeys = [foundPrefix, familyPrefix]

  /// Connects samples.
  ///
  /// - Parameters:
  ///   - samples: The samples of the dataset, excluded ones left out.
  ///   - names: A name by id, such as the subject; samples of one name are one group. Beside it counts what is stored.
  ///   - pairs: Pairs of almost equal pictures.
  public init(of samples: [Sample], names: [Int64: String] = [:], pairs: [NearPair] = []) {
    var first = Array(samples.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while first[index] != index {
        first[index] = first[first[index]]
        index = first[index]
      }
      return index
    }
    func join(_ a: Int, _ b: Int) {
      let (a, b) = (root(a), root(b))
      first[max(a, b)] = min(a, b)
    }
    var seen: [String: Int] = [:]
    for (index, sample) in samples.enumerated() {
      let marks = [
        "pixels " + sample.pixelHash, sample.group.map { "group " + $0 }, names[sample.id].map { "name " + $0 },
      ]
      for case let mark? in marks {
        if let other = seen[mark] { join(other, index) } else { seen[mark] = index }
      }
    }
    let places = Dictionary(
      samples.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    for pair in pairs {
      if let a = places[pair.first], let b = places[pair.second] { join(a, b) }
    }
    var members: [Int: [Sample]] = [:]
    for (index, sample) in samples.enumerated() { members[root(index), default: []].append(sample) }
    groups = members.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The part of every key that a regular expression finds: its first group, or all of it.
  ///
  ///     SampleGroups.names(matching: "S[0-9]+", in: samples)  // CK+'s subjects: S010_004_00000017.png gives S010
  ///
  /// - Throws: `SetsError.badPattern`.
  public static func names(matching pattern: String, in samples: [Sample]) throws -> [Int64: String] {
    let expression: Regex<AnyRegexOutput>
    do {
      expression = try Regex(pattern)
    } catch {
      throw SetsError.badPattern(pattern, problem: "\(error)")
    }
    var names: [Int64: String] = [:]
    for sample in samples {
      guard let match = sample.key.firstMatch(of: expression) else { continue }
      let part = match.output.count > 1 ? match.output[1].substring : match.output[0].substring
      if let part { names[sample.id] = String(part) }
    }
    if names.isEmpty { throw SetsError.badPattern(pattern, problem: "it is found in no key") }
    return names
  }

  /// The pattern of the people of CK+ and CK+48: `S010_004_00000017.png` is a picture of S010.
  public static let subjectPattern = #"(?:^|/)(S[0-9]{3})_[0-9]{3}_"#
}

extension DatasetStore {
  /// Moves samples to other splits and writes down which belong together, in one run.
  public func split(
    _ changes: [LabelChange], groups: SampleGroups, recipe: some Encodable, seed: UInt64
  ) throws -> Run {
    let run = try beginRun(kind: "split", recipe: recipe, seed: seed)
    let events = try write { db in
      try groups.store(in: db)
      return try EventWriter(db, actor: "rule split", run: run.id).apply(changes)
    }
    return try finish(run, outcome: "\(events) events")
  }
}

extension SampleGroups {
  /// Writes down which samples belong together; samples that are alone keep what they have.
  ///
  /// The name of a group is the one that is stored for most of its members, else `with:` and the key of the first.
  fileprivate func store(in db: Database) throws {
    let update = try db.makeStatement(sql: #"UPDATE sample SET "group" = ? WHERE id = ?"#)
    for group in groups where group.count > 1 {
      let stored = Dictionary(grouping: group.compactMap(\.group), by: { $0 }).mapValues(\.count)
      let name = stored.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? Self.foundPrefix + group[0].key
      for sample in group where sample.group != name { try update.execute(arguments: [name, sample.id]) }
    }
  }
}
