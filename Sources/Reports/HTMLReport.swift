/// Turns the content of a report into one HTML file that needs nothing but a browser.
///
/// The page has no script and refers to nothing outside itself: styles, charts and pictures are in the file. Equal
/// contents give equal bytes. To add a section: a file in `Sections/`, a template, a line in `sections(of:album:)`.
public enum HTMLReport {
  /// The page.
  ///
  /// - Parameters:
  ///   - content: What is known; sections without data are left out.
  ///   - limits: How many faces are shown, and how large they are.
  /// - Throws: `ReportsError.unencodableFace` when a picture cannot be written as PNG.
  public static func render(_ content: ReportContent, limits: Limits = Limits()) throws -> String {
    var album = FaceAlbum(limits: limits)
    let sections = try sections(of: content, album: &album, limits: limits)
    let page = PageView(
      title: content.title, generatedAt: content.generatedAt, toolVersion: content.toolVersion,
      seed: content.seed.map { String($0) }, styles: TemplateLibrary.styles, figures: KeyFigure.all(of: content),
      sections: try sections.map(PageView.Section.init),
      picturesLeftOut: album.leftOut == 0
        ? nil
        : NumberFormat.counted(album.leftOut, "picture was", "pictures were") + " left out to keep this file small.")
    return try TemplateLibrary.render(page, with: "page")
  }

  /// The sections that have data, in the order of the work.
  private static func sections(of content: ReportContent, album: inout FaceAlbum, limits: Limits) throws
    -> [any ReportSection]
  {
    let sections: [(any ReportSection)?] = [
      try DatasetSection(content, album: &album, limits: limits),
      try FindingsSection(content, album: &album, limits: limits),
      try SuggestionsSection(content, album: &album, limits: limits),
      ChangesSection(content),
      BalanceSection(content),
      TrainingSection(content),
      EvaluationSection(content),
      try ExplanationSection(content, album: &album),
      RepeatSection(content),
    ]
    return sections.compactMap { $0 }
  }
}
