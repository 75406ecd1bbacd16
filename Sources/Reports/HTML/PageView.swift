/// What `page.mustache` shows.
struct PageView {
  /// One section, already drawn.
  struct Section {
    let id: String
    let heading: String
    let lead: String
    let body: String

    init(_ section: any ReportSection) throws {
      id = section.id
      heading = section.heading
      lead = section.lead
      body = try TemplateLibrary.render(section, with: section.id)
    }
  }

  let title: String
  let generatedAt: String?
  let toolVersion: String?
  let seed: String?
  let styles: String
  let figures: [KeyFigure]
  let sections: [Section]
  let picturesLeftOut: String?
}

/// A part of the page; its stored properties are what its template shows.
protocol ReportSection {
  /// Its anchor, and the name of its template.
  var id: String { get }
  /// Its heading.
  var heading: String { get }
  /// The sentence under the heading that tells the result.
  var lead: String { get }
}
