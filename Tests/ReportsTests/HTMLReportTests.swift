import Curation
import Foundation
import Testing

@testable import Reports

/// What holds for every page.
@Suite struct HTMLReportTests {
  /// From a page with everything to one with nothing.
  static var contents: [ReportContent] {
    [TrialContent.full, ReportContent(title: "nothing"), TrialContent.harmful, TrialContent.broken]
  }

  @Test func `Every element of a page is closed in order`() throws {
    for content in Self.contents {
      let page = try Page(content)
      #expect(Markup.imbalance(in: page.html) == nil)
      #expect(page.html.hasPrefix("<!DOCTYPE html>"))
    }
  }

  @Test func `A page refers to nothing outside itself and runs nothing`() throws {
    for content in Self.contents {
      let page = try Page(content)
      for scheme in ["http:", "https:", "url(", "@import", "<script", "<link", "<iframe", "javascript:"] {
        #expect(!page.contains(scheme), "\(scheme)")
      }
      #expect(page.attributes("src").allSatisfy { $0.hasPrefix("data:image/png;base64,") })
      #expect(page.attributes("href").allSatisfy { $0.hasPrefix("#") })
      #expect(page.contains("default-src 'none'"))
    }
  }

  @Test func `No page holds a number that is none`() throws {
    for content in Self.contents {
      #expect(!Markup.holdsNoNumber(try HTMLReport.render(content)))
    }
  }

  @Test func `Equal contents give equal pages`() throws {
    for content in Self.contents {
      #expect(try HTMLReport.render(content) == HTMLReport.render(content))
    }
  }

  @Test func `Links of the navigation lead to the sections, which have different names`() throws {
    let page = try Page(TrialContent.full)
    let targets = page.attributes("href").map { String($0.dropFirst()) }
    let names = page.attributes("id")
    #expect(Set(targets).isSubset(of: names))
    #expect(Set(names).count == names.count)
  }

  @Test func `Text of the user stays text`() throws {
    let page = try Page(TrialContent.harmful)
    let text = TrialContent.harm
    #expect(!page.contains(text))
    #expect(page.contains(HTMLText.escaped(text)))
    #expect(!page.contains("<b>harm"))
    // Escaping by characters would let the quote with its combining accent through.
    let scalars = Array(page.html.unicodeScalars)
    #expect(!zip(scalars, scalars.dropFirst()).contains { $0 == "\"" && $1 == "\u{301}" })
  }

  @Test func `Templates are filled, and text of the user is no template`() throws {
    #expect(!(try Page(TrialContent.full)).contains("{{"))
    #expect(try Page(TrialContent.harmful).contains("{{title}}"))
  }

  @Test func `Every drawing of a page is well-formed`() throws {
    for content in Self.contents {
      let page = try Page(content)
      for part in page.html.components(separatedBy: "<svg ").dropFirst() {
        let drawing = "<svg " + (part.components(separatedBy: "</svg>").first ?? "") + "</svg>"
        #expect(Markup.isWellFormed(drawing))
      }
    }
  }

  @Test func `Light, dark, paper and phone are provided for`() throws {
    let page = try Page(TrialContent.full)
    #expect(page.contains("@media screen and (prefers-color-scheme: dark)"))
    #expect(page.contains("@media print"))
    #expect(page.contains("name=\"viewport\""))
    #expect(page.contains("image-rendering: pixelated"))
  }

  @Test func `Both schemes name the same colours`() {
    let styles = TemplateLibrary.styles
    let names = styles.matches(of: /(--[a-z-]+): #[0-9a-f]{6};/).map { String($0.1) }
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    #expect(counts.count >= 16)
    #expect(counts.values.allSatisfy { $0 == 2 })
    for used in styles.matches(of: /var\((--[a-z-]+)\)/).map({ String($0.1) }) where used != "--length" {
      #expect(counts[used] == 2, "\(used)")
    }
  }
}
