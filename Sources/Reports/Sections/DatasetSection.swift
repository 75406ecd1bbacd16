import Curation

/// What the dataset consists of: splits, sources, sizes, a few faces of each class.
struct DatasetSection: ReportSection {
  /// The faces of one class.
  struct ClassRow {
    let label: String
    let pictures: [FaceAlbum.Picture]
  }

  let id = "dataset"
  let heading = "Dataset"
  let lead: String
  let tables: [Table]
  let classRows: [ClassRow]

  init?(_ content: ReportContent, album: inout FaceAlbum, limits: HTMLReport.Limits) throws {
    guard let dataset = content.dataset else { return nil }
    lead = Self.lead(of: dataset)
    tables = [Self.splits(of: dataset), Self.sizes(of: dataset), Self.sources(of: dataset)].compactMap { $0 }
    var rows: [ClassRow] = []
    for examples in dataset.examples where !examples.faces.isEmpty {
      let pictures = try album.pictures(of: examples.faces, limit: limits.facesPerClass)
      // The row already says the class.
      rows.append(ClassRow(label: examples.label, pictures: pictures))
    }
    classRows = rows
  }

  private static func lead(of dataset: ReportContent.Dataset) -> String {
    var text = NumberFormat.counted(dataset.samples, "sample") + " of "
    text += NumberFormat.counted(dataset.classes.count, "class", "classes")
    if (1...12).contains(dataset.classes.count) { text += ": " + dataset.classes.joined(separator: ", ") }
    text += "."
    if let ratio = dataset.imbalanceRatio, ratio.isFinite {
      text += " The largest class has \(NumberFormat.times(ratio)) times the samples of the smallest."
    }
    if dataset.excluded > 0 {
      text += " " + NumberFormat.counted(dataset.excluded, "sample is", "samples are") + " taken out and not counted."
    }
    if let license = dataset.license { text += " Licence: \(license)." }
    return text
  }

  private static func splits(of dataset: ReportContent.Dataset) -> Table? {
    guard !dataset.splits.isEmpty else { return nil }
    let total = dataset.splits.reduce(0) { $0 + $1.samples }
    return Table(
      "Splits", columns: [.text("Split"), .number("Samples"), .number("Share")],
      rows: dataset.splits.map {
        [
          .text($0.split.rawValue), .number(NumberFormat.count($0.samples)),
          .number(NumberFormat.percent($0.samples, of: total)),
        ]
      })
  }

  private static func sizes(of dataset: ReportContent.Dataset) -> Table? {
    guard !dataset.sizes.isEmpty else { return nil }
    let shown = dataset.sizes.prefix(8)
    let rest = dataset.sizes.dropFirst(shown.count)
    var rows: [[Table.Cell]] = shown.map {
      [
        .text("\($0.width) × \($0.height)"), .text($0.channels == 1 ? "gray" : "colour"),
        .number(NumberFormat.count($0.samples)),
      ]
    }
    if !rest.isEmpty {
      rows.append([
        .text(NumberFormat.counted(rest.count, "other size"), .muted), .text(""),
        .number(NumberFormat.count(rest.reduce(0) { $0 + $1.samples }), .muted),
      ])
    }
    return Table("Pictures", columns: [.text("Size"), .text("Channels"), .number("Samples")], rows: rows)
  }

  private static func sources(of dataset: ReportContent.Dataset) -> Table? {
    guard !dataset.sources.isEmpty else { return nil }
    return Table(
      "Sources", columns: [.text("Source"), .text("Format"), .number("Samples"), .number("Rejected")],
      rows: dataset.sources.map {
        [
          .text($0.name), .text($0.format ?? NumberFormat.missing, .muted), .number(NumberFormat.count($0.samples)),
          .number(NumberFormat.count($0.rejected), $0.rejected == 0 ? .muted : .worse),
        ]
      })
  }
}
