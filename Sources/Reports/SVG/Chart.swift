/// A value that draws itself: the same value always gives the same drawing.
///
/// A chart draws only finite numbers: what is not finite is left out. Colours come from the page, see `standalone()`.
public protocol Chart: Sendable {
  /// What the chart shows, in a few words.
  var title: String { get }
  /// What there is to see, in a sentence, for those who cannot see it.
  var summary: String { get }
  /// Its natural width in CSS pixels, at which its text has the size of the page's.
  var width: Double { get }
  /// The drawing, an `svg` element for a page that has the styles of a report.
  var svg: String { get }
}

extension Chart {
  /// The drawing as a file of its own, with its styles.
  public func standalone() -> String {
    let styles = String(decoding: PackageResources.chart_css, as: UTF8.self)
    return svg.replacing("<svg ", with: "<svg xmlns=\"http://www.w3.org/2000/svg\" ", maxReplacements: 1)
      .replacing("<desc>", with: "<style>\(styles)</style><desc>", maxReplacements: 1)
  }
}

/// The colour of a series, by the part it plays rather than by its hue.
public enum ChartColor: String, Codable, Sendable, CaseIterable {
  /// What the reader shall look at.
  case accent
  /// What it is compared with.
  case base
  /// What is there for completeness.
  case quiet
  /// Further series that can be told apart by colour-blind people too.
  case second, third, fourth
}
