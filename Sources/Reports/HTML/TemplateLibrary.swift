import Curation
import Mustache

/// The templates of the page, parsed once.
enum TemplateLibrary {
  /// Escapes by Unicode scalar; see `HTMLText`.
  private struct ScalarEscaping: MustacheContentType {
    func escapeText(_ text: String) -> String { HTMLText.escaped(text) }
  }

  private static let sources: [String: [UInt8]] = [
    "balance": PackageResources.balance_mustache,
    "changes": PackageResources.changes_mustache,
    "dataset": PackageResources.dataset_mustache,
    "evaluation": PackageResources.evaluation_mustache,
    "explanation": PackageResources.explanation_mustache,
    "face": PackageResources.face_mustache,
    "figure": PackageResources.figure_mustache,
    "findings": PackageResources.findings_mustache,
    "page": PackageResources.page_mustache,
    "repeat": PackageResources.repeat_mustache,
    "suggestions": PackageResources.suggestions_mustache,
    "table": PackageResources.table_mustache,
    "training": PackageResources.training_mustache,
  ]

  private static let library: Result<MustacheLibrary, ReportsError> = parse()

  /// The page's style sheets: those of charts, then all others.
  static let styles =
    String(decoding: PackageResources.chart_css, as: UTF8.self)
    + String(decoding: PackageResources.page_css, as: UTF8.self)

  /// Fills a template with the properties of `view`.
  ///
  /// - Throws: `ReportsError.invalidTemplate` when a template of the program is broken or missing.
  static func render(_ view: Any, with name: String) throws -> String {
    guard let text = try library.get().render(view, withTemplate: name) else {
      throw ReportsError.invalidTemplate(name: name, reason: "there is no such template")
    }
    return text
  }

  private static func parse() -> Result<MustacheLibrary, ReportsError> {
    // The library's own escaping compares characters, and a quote followed by a combining accent is none of those it
    // knows. Partials fall back to it, so every template names ours.
    MustacheContentTypes.register(ScalarEscaping(), named: "SCALARS")
    var library = MustacheLibrary()
    for (name, bytes) in sources.sorted(by: { $0.key < $1.key }) {
      do {
        try library.register("{{% CONTENT_TYPE:SCALARS}}" + String(decoding: bytes, as: UTF8.self), named: name)
      } catch {
        return .failure(.invalidTemplate(name: name, reason: "\(error)"))
      }
    }
    return .success(library)
  }
}
