/// What the checks found, a row each, with faces.
struct FindingsSection: ReportSection {
  /// Faces that belong together: copies of one picture are joined.
  struct Cluster {
    let pictures: [FaceAlbum.Picture]
    let isJoined: Bool
  }

  /// One check.
  struct Row {
    let name: String
    let meaning: String?
    let samples: String
    /// `samples in 1,516 groups, 9.4% of all`.
    let extent: String
    let clusters: [Cluster]
    /// `12 of 3,369 shown`.
    let shown: String?
  }

  let id = "findings"
  let heading = "Findings"
  let lead: String
  let rows: [Row]
  /// The names of the checks without a finding.
  let silent: String?

  init?(_ content: ReportContent, album: inout FaceAlbum, limits: HTMLReport.Limits) throws {
    guard let checks = content.findings else { return nil }
    // Checks look at what was ingested: also at what is excluded by now, and not at copies.
    let ingested = content.dataset?.sources.reduce(0) { $0 + $1.samples } ?? 0
    let total = ingested > 0 ? ingested : content.dataset?.samples
    var rows: [Row] = []
    for check in checks where check.samples > 0 {
      let faces = Array(check.examples.prefix(limits.facesPerCheck))
      let share = total.map { NumberFormat.percent(check.samples, of: $0) + " of all" }
      let groups = check.groups.map { "in " + NumberFormat.counted($0, "group") }
      let noun = check.samples == 1 ? "sample" : "samples"
      let extent = [groups.map { "\(noun) \($0)" } ?? noun, share].compactMap { $0 }.joined(separator: ", ")
      rows.append(
        Row(
          name: check.name, meaning: check.meaning, samples: NumberFormat.count(check.samples),
          extent: extent, clusters: try Self.clusters(of: faces, album: &album),
          shown: faces.isEmpty || faces.count >= check.samples
            ? nil : "\(NumberFormat.count(faces.count)) of \(NumberFormat.count(check.samples)) shown"))
    }
    self.rows = rows
    let quiet = checks.filter { $0.samples == 0 }.map(\.name)
    silent = quiet.isEmpty ? nil : quiet.joined(separator: ", ")
    lead =
      rows.isEmpty
      ? "The checks found nothing to complain about."
      : NumberFormat.counted(rows.count, "check") + " found something; a sample can be found by several."
  }

  private static func clusters(of faces: [ReportContent.Face], album: inout FaceAlbum) throws -> [Cluster] {
    var clusters: [Cluster] = []
    var start = faces.startIndex
    while start < faces.endIndex {
      let group = faces[start].group
      let end = group == nil ? start + 1 : faces[start...].firstIndex { $0.group != group } ?? faces.endIndex
      var pictures: [FaceAlbum.Picture] = []
      for face in faces[start..<end] { pictures.append(try album.picture(of: face)) }
      clusters.append(Cluster(pictures: pictures, isJoined: pictures.count > 1))
      start = end
    }
    return clusters
  }
}
