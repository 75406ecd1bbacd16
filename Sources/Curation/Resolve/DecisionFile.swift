public import Foundation

/// A csv of decisions: a header with `key` and `action`, and `label` where samples are relabelled.
///
/// Columns may stand in any order and others may stand beside them, so that the output of
/// `fercure suggestions --format csv` becomes a decisions file by adding the column `action`. A row without an action
/// is passed over: nobody decided yet. Where `from` and `to` stand beside it, they say which suggestion it is about.
public struct DecisionFile: Sendable, Hashable {
  /// The name of the file, for messages.
  public var name: String
  /// The decisions with their data row, counted from 0.
  public var rows: [Row]
  /// Who decided, where the file says so.
  public var reviewer: String?
  /// The rows that cannot be understood.
  public var rejections: [Rejection]

  /// One line of the file.
  public struct Row: Sendable, Hashable {
    /// The data row, counted from 0: the header is not counted.
    public var number: Int
    /// What it says.
    public var decision: SampleDecision
  }

  /// Reads a decisions file: a csv, the JSON of an offline queue, or an export of Label Studio.
  ///
  /// - Throws: `CurationError.noSuchSource`, `.emptySource`, `.wrongColumns`, `.unclosedQuote` or `.readFailed`.
  public init(contentsOf url: URL) throws {
    guard let data = try? Data(contentsOf: url) else { throw CurationError.noSuchSource(url.path) }
    if let isJSON = data.first(where: { !" \n\r\t".utf8.contains($0) }).map({ "{[".utf8.contains($0) }), isJSON {
      try self.init(json: data, name: url.lastPathComponent)
    } else {
      try self.init([UInt8](data), name: url.lastPathComponent)
    }
  }

  /// Creates the contents of a file.
  init(name: String, reviewer: String?, rows: [Row], rejections: [Rejection]) {
    self.name = name
    self.reviewer = reviewer
    self.rows = rows
    self.rejections = rejections
  }

  /// Reads the bytes of a decisions file.
  ///
  /// - Throws: `CurationError.emptySource`, `.wrongColumns` or `.unclosedQuote`.
  public init(_ bytes: [UInt8], name: String) throws {
    self.name = name
    rows = []
    rejections = []
    let table = try CSVTable(bytes, name: name)
    guard !table.columns.isEmpty else { throw CurationError.emptySource(name) }
    guard let key = table.column("key"), let action = table.column("action") else {
      throw CurationError.wrongColumns(name, found: table.columns, wanted: "key, action and, to relabel, label")
    }
    let label = table.column("label")
    let second = table.column("second")
    let (from, to) = (table.column("from"), table.column("to"))
    for (number, fields) in table.rows.enumerated() where fields != [""] {
      guard fields.count == table.columns.count else {
        rejections.append(
          rejection(row: number, "has \(fields.count) fields, but there are \(table.columns.count) columns"))
        continue
      }
      // Without an action nobody decided yet.
      if fields[action].trimmed.isEmpty { continue }
      do {
        let decision = try Self.decision(
          key: fields[key].trimmed, action: fields[action].trimmed, label: label.map { fields[$0].trimmed } ?? "",
          second: second.map { fields[$0].trimmed } ?? "", from: from.map { fields[$0].trimmed } ?? "",
          to: to.map { fields[$0].trimmed })
        rows.append(Row(number: number, decision: decision))
      } catch {
        rejections.append(rejection(row: number, error.reason))
      }
    }
  }

  /// A rejection of one row, worded like those of ingested files.
  func rejection(row: Int, _ reason: String) -> Rejection {
    Rejection(item: "row \(row)", reason: "row \(row) of \(name) \(reason)")
  }

  struct Flaw: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// - Parameters:
  ///   - from: The label that was decided about; empty where the file does not say.
  ///   - to: What was suggested for it, empty for a picture that shows no face; nil where the file does not say.
  static func decision(
    key: String, action: String, label: String, second: String = "", from: String = "", to: String? = nil
  ) throws(Flaw) -> SampleDecision {
    guard !key.isEmpty else { throw Flaw("has no key") }
    guard let known = SampleDecision.Action(rawValue: action.lowercased()) else {
      let names = SampleDecision.Action.allCases.map(\.rawValue).joined(separator: ", ")
      throw Flaw("has the action '\(action)', expected one of \(names)")
    }
    if known == .relabel && label.isEmpty { throw Flaw("is to relabel \(key), but its label is empty") }
    let isAmbiguous = known == .ambiguous
    let namesLabel = [.relabel, .ambiguous, .accept].contains(known)
    return SampleDecision(
      key: key, action: known, label: namesLabel && !label.isEmpty ? label : nil,
      second: isAmbiguous && !second.isEmpty ? second : nil, from: from.isEmpty ? nil : from,
      to: from.isEmpty ? nil : to.map { $0.isEmpty ? Review.notAFace : $0 })
  }
}
