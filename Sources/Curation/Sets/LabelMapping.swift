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

  /// Refuses a mapping of labels that are none of `labels`, those of all datasets that are added.
  ///
  /// - Throws: `SetsError.unknownLabel`.
  public func requireKnown(_ labels: some Sequence<String>) throws {
    let labels = Set(labels)
    for label in targets.keys.sorted() where !labels.contains(label) {
      throw SetsError.unknownLabel(label, known: labels.sorted())
    }
  }

  /// The mapping of every label of a dataset to the classes of another one.
  ///
  /// What is not mapped by hand goes to the class of that name or of a synonym of it (`anger` to `angry`).
  /// - Throws: `SetsError.unmappedLabel` for labels that samples carry and that go nowhere.
  func resolved(counts: [String: Int], classes: [String]) throws -> [String: String?] {
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
