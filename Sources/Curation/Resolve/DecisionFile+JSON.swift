import Foundation

extension DecisionFile {
  /// Reads JSON: what an offline queue saved, or tasks that were annotated in Label Studio.
  ///
  /// - Throws: `CurationError.readFailed` when it is neither.
  init(json data: Data, name: String) throws {
    let value: Any
    do {
      value = try JSONSerialization.jsonObject(with: data)
    } catch {
      throw CurationError.readFailed(name, message: "it is no JSON document")
    }
    if let document = value as? [String: Any], document["fercure"] as? String == "decisions" {
      guard document["version"] as? Int == 1 else {
        throw CurationError.readFailed(name, message: "it was saved by a newer fercure than \(ToolVersion.current)")
      }
      self.init(document["decisions"] as? [Any] ?? [], reviewer: document["reviewer"] as? String, name: name) {
        item throws(Flaw) in
        try Self.decision(
          key: Self.text(item["key"]), action: Self.text(item["action"]), label: Self.text(item["label"]),
          second: Self.text(item["second"]), from: Self.text(item["from"]), to: item["to"].map(Self.text))
      }
    } else if let tasks = value as? [Any], tasks.allSatisfy({ ($0 as? [String: Any])?["data"] is [String: Any] }) {
      self.init(tasks, reviewer: nil, name: name, decision: Self.annotation)
    } else {
      throw CurationError.readFailed(
        name, message: "it holds neither the decisions of an offline queue nor annotated tasks of Label Studio")
    }
  }

  private init(
    _ items: [Any], reviewer: String?, name: String, decision: ([String: Any]) throws(Flaw) -> SampleDecision?
  ) {
    self.init(name: name, reviewer: reviewer, rows: [], rejections: [])
    for (number, item) in items.enumerated() {
      guard let item = item as? [String: Any] else {
        rejections.append(rejection(row: number, "is no object"))
        continue
      }
      do {
        if let decision = try decision(item) { rows.append(Row(number: number, decision: decision)) }
      } catch {
        rejections.append(rejection(row: number, error.reason))
      }
    }
  }

  private static func text(_ value: Any?) -> String { (value as? String ?? "").trimmed }

  /// What the last annotation of a task says; nil for a task that nobody annotated.
  ///
  /// One choice is a label, two are an ambiguous face, a cancelled annotation was skipped.
  private static func annotation(_ task: [String: Any]) throws(Flaw) -> SampleDecision? {
    let data = task["data"] as? [String: Any] ?? [:]
    guard let annotation = (task["annotations"] as? [Any])?.last as? [String: Any] else { return nil }
    let key = text(data["sample_id"])
    guard !key.isEmpty else { throw Flaw("has no sample_id: it is no task of a fercure dataset") }
    let (given, suggested) = (text(data["given_label"]), text(data["suggested_label"]))
    var decision = SampleDecision(
      key: key, action: .skip, from: given.isEmpty ? nil : given, to: suggested.isEmpty ? nil : suggested)
    if annotation["was_cancelled"] as? Bool == true { return decision }
    let results = (annotation["result"] as? [Any] ?? []).compactMap { $0 as? [String: Any] }
    let choices = results.flatMap { result -> [String] in
      (result["value"] as? [String: Any])?["choices"] as? [String] ?? []
    }
    switch choices.count {
    case 0: throw Flaw("has an annotation of \(key) without a choice")
    case 1 where choices[0] == Review.notAFace: decision.action = .exclude
    case 1 where choices[0] == suggested: decision.action = .accept
    case 1 where choices[0] == given: decision.action = .reject
    case 1: (decision.action, decision.label) = (.relabel, choices[0])
    case 2: (decision.action, decision.label, decision.second) = (.ambiguous, choices[0], choices[1])
    default: throw Flaw("calls \(key) \(choices.count) things at once")
    }
    return decision
  }
}
