/// A chart with its heading as `figure.mustache` draws it.
struct Figure {
  let heading: String
  /// A sentence under the heading.
  let note: String?
  /// The drawing.
  let svg: String

  init(_ chart: some Chart, note: String? = nil) {
    heading = chart.title
    self.note = note
    svg = chart.svg
  }
}
