import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A rendered page; a failed expectation names its size instead of printing all of it.
struct Page: CustomTestStringConvertible {
  let html: String

  init(_ content: ReportContent, limits: HTMLReport.Limits = .init()) throws {
    html = try HTMLReport.render(content, limits: limits)
  }

  func contains(_ text: String) -> Bool { html.contains(text) }

  func attributes(_ name: String) -> [String] { Markup.attributes(name, in: html) }

  var testDescription: String { "a page of \(html.utf8.count) bytes" }
}

/// Looks at pages and drawings the way a browser would, as far as tests need it.
enum Markup {
  /// Elements that have no end tag in HTML.
  private static let empty: Set<String> = ["meta", "img", "br", "hr", "link", "input"]
  /// Elements of a drawing that close themselves.
  private static let selfClosing: Set<String> = ["line", "rect", "circle", "polyline"]

  /// The first place where tags do not match, in words; nil when all elements are closed in order.
  static func imbalance(in html: String) -> String? {
    var open: [String] = []
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      if rest.hasPrefix("!") { continue }
      guard let end = rest.firstIndex(of: ">") else { return "a tag has no end" }
      let tag = rest[..<end]
      rest = rest[rest.index(after: end)...]
      let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
      if tag.hasPrefix("/") {
        guard open.popLast() == name else { return "</\(name)> closes nothing" }
      } else if !empty.contains(name), !(selfClosing.contains(name) && tag.hasSuffix("/")) {
        open.append(name)
      }
      if name == "style", !tag.hasPrefix("/"), let close = rest.range(of: "</style>") {
        rest = rest[close.lowerBound...]
      }
    }
    return open.last.map { "<\($0)> is not closed" }
  }

  /// Whether `svg` is well-formed XML.
  static func isWellFormed(_ svg: String) -> Bool {
    let parser = XMLParser(data: Data(svg.utf8))
    return parser.parse() && parser.parserError == nil
  }

  /// The values of all attributes called `name`.
  static func attributes(_ name: String, in html: String) -> [String] {
    html.components(separatedBy: " \(name)=\"").dropFirst().map { part in String(part.prefix { $0 != "\"" }) }
  }

  /// Words that betray a number that is none.
  static func holdsNoNumber(_ text: String) -> Bool {
    let parts = text.components(separatedBy: "data:image/png;base64,")
    let withoutPictures = parts.prefix(1) + parts.dropFirst().map { String($0.drop { $0 != "\"" }) }
    return withoutPictures.contains { part in
      part.split { !$0.isLetter }.contains { ["nan", "inf", "infinity"].contains($0.lowercased()) }
    }
  }
}
