/// What the labels of one dataset are called in another: `anger=angry,contempt=-`.
public struct LabelMapping: Sendable, Hashable, Codable {
  /// The label of the other dataset by the given one; nil leaves its samples out.
  public var targets: [String: String?]

  /// Creates a mapping.
  public init(_ targets: [String: String?] = [:]) {
    self.targets = targets
  }

  /// Reads `FROM=TO,FROM=TO`, where `-` leaves samples out.
  ///
  /// - Throws: `SetsError.badMapping`.
  public init(parsing text: String) throws {
    targets = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map { String($0).trimmed }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty, targets[sides[0]] == nil else {
        throw SetsError.badMapping(text)
      }
      targets.updateValue(sides[1] == "-" ? nil : sides[1], forKey: sides[0])
    }
  }

  /// The mapping of every label of a dataset to the classes of another one.
  ///
  /// What is not mapped by hand goes to the class of that name or of a synonym of it (`anger` to `angry`).
  /// - Parameters:
  ///   - counts: how many samples carry each label.
  ///   - others: the classes of their dataset, whether or not samples carry them.
  ///   - classes: those of the dataset that they are added to.
  /// - Throws: `SetsError.unmappedLabel` for labels that samples carry and that go nowhere, `SetsError.unknownLabel` where a label is
  ///   mapped that is none of theirs.
  func resolved(counts: [String: Int], others: [String], classes: [String]) throws -> [String: String?] {
    let labels = Set(others).union(counts.keys)
    for label in targets.keys.sorted() where !labels.contains(label) {
      throw SetsError.unknownLabel(label, known: labels.sorted())
    }
    let known = ClassNames(classes)
    var result: [String: String?] = [:]
    for (label, count) in counts.sorted(by: { $0.key < $1.key }) {
      if let target = targets[label] {
        result.updateValue(target, forKey: label)
      } else if let name = known.name(for: label) {
        result.updateValue(name, forKey: label)
      } else {
        throw SetsError.unmappedLabel(label, samples: count, known: classes)
      }
    }
    return result
  }
}
