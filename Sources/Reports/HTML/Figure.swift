/// A chart with its heading as `figure.mustache` draws it.
struct Figure {
  let heading: String
  /// A sentence under the heading.
  let note: String?
  /// The drawing.
  let svg: String
  /// Whether it needs the whole width of the page.
  let isWide: Bool

  init(_ chart: some Chart, note: String? = nil) {
    heading = chart.title
    self.note = note
    svg = chart.svg
    isWide = chart.width > 520
  }
}
