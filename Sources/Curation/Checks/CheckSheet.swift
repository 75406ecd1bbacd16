public import Imaging

/// A picture of the worst that a check found, to judge the check at a glance.
public enum CheckSheet {
  /// Lays out the pictures of the worst findings: a row a group where there are groups, else row after row.
  ///
  /// Pictures are shown gray and at one size, that of the first.
  /// - Parameters:
  ///   - findings: The findings of one check.
  ///   - source: Where the pictures come from.
  ///   - count: How many pictures at most.
  ///   - columns: How many beside each other.
  /// - Returns: Nil when there are no findings.
  public static func image(
    of findings: [Finding], in source: some SampleSource, count: Int = 100, columns: Int = 20
  ) throws -> Image? {
    let samples = Dictionary(uniqueKeysWithValues: try source.samples().map { ($0.id, $0) })
    let worst = findings.sorted { ($0.score, $0.sample) < ($1.score, $1.sample) }
    var rows: [[Sample]] = []
    if worst.contains(where: { $0.group != nil }) {
      var places: [String: Int] = [:]
      for finding in worst {
        guard let group = finding.group, let sample = samples[finding.sample] else { continue }
        if let place = places[group] {
          rows[place].append(sample)
        } else {
          places[group] = rows.count
          rows.append([sample])
        }
      }
      // Several small groups share a line, with a gap of one picture.
      rows = rows.map { Array($0.prefix(columns)) }
    } else {
      let shown = worst.prefix(count).compactMap { samples[$0.sample] }
      rows = stride(from: 0, to: shown.count, by: columns).map { Array(shown[$0..<min(shown.count, $0 + columns)]) }
    }
    rows = Array(rows.prefix(max(1, count / columns * (worst.contains { $0.group != nil } ? 4 : 1))))
    guard let first = rows.first?.first else { return nil }
    let side = (height: min(96, first.height), width: min(96, first.width))
    return ContactSheet.image(
      rows: try rows.map { row in
        var images: [Image] = []
        try source.forEachImage(of: row) { _, image in
          images.append(image.convertedToGray().resized(height: side.height, width: side.width))
        }
        return images
      })
  }
}
