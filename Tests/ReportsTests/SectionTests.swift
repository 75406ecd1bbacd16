import Curation
import Foundation
import Imaging
import Testing

@testable import Reports

/// What each section shows, and that it is gone without data.
@Suite struct SectionTests {
  static let names = [
    "dataset", "findings", "suggestions", "changes", "balance", "training", "evaluation", "explanation", "repeat",
  ]

  /// The anchors of the sections of a page, in order.
  static func sections(of content: ReportContent) throws -> [String] {
    try Page(content).attributes("id").filter { $0 != "content" }
  }

  @Test func `All sections stand in the order of the work`() throws {
    #expect(try Self.sections(of: TrialContent.full) == Self.names)
  }

  @Test func `A section without data is left out, and nothing else is`() throws {
    let removals: [(String, (inout ReportContent) -> Void)] = [
      ("dataset", { $0.dataset = nil }), ("findings", { $0.findings = nil }),
      ("suggestions", { $0.suggestions = nil }), ("changes", { $0.changes = nil }),
      ("balance", { $0.balance = nil }), ("training", { $0.training = [] }),
      ("evaluation", { $0.evaluations = [] }), ("explanation", { $0.explanations = [] }),
      (
        "repeat",
        {
          $0.steps = []
          $0.commands = []
          $0.recipe = nil
        }
      ),
    ]
    for (name, remove) in removals {
      var content = TrialContent.full
      remove(&content)
      #expect(try Self.sections(of: content) == Self.names.filter { $0 != name })
    }
  }

  @Test func `An empty report says so`() throws {
    let page = try Page(ReportContent(title: "Nothing yet"))
    #expect(page.contains("<title>Nothing yet</title>"))
    #expect(page.contains("There is nothing to report yet."))
    #expect(!page.contains("<section"))
  }

  @Test func `Checks and changes that found nothing are told apart from those that did not run`() throws {
    let page = try Page(ReportContent(title: "t", findings: [], changes: []))
    #expect(page.contains("The checks found nothing to complain about."))
    #expect(page.contains("Nothing was changed"))
  }

  @Test func `The key figures tell samples, findings, suggestions, corrections, balance and accuracy`() {
    let figures = KeyFigure.all(of: TrialContent.full)
    #expect(figures.map(\.value) == ["35,875", "4,791", "1,969", "816", "16.5 → 1.9", "63.1% → 66.4%"])
    #expect(figures.last?.note == "+3.3 pp, raw → curated")
    #expect(figures.filter(\.isResult).count == 1)
    #expect(KeyFigure.all(of: ReportContent(title: "t")).isEmpty)
  }

  @Test func `A single model has no change to show`() throws {
    var content = TrialContent.full
    content.evaluations = [.init(split: .test, evaluations: Array(content.evaluations[0].evaluations.prefix(1)))]
    let figure = try #require(KeyFigure.all(of: content).last)
    #expect(figure.value == "63.1%")
    #expect(!(try Page(content)).contains("F1 change"))
    #expect(ComparisonTable.table(of: content.evaluations).columns.map(\.name).contains("change") == false)
  }

  @Test func `Findings show what was found, joined by group, and name the silent checks`() throws {
    let page = try Page(TrialContent.full)
    #expect(page.contains("<b>3,369</b> <span>samples in 1,516 groups, 9.4% of all</span>"))
    #expect(page.contains("12 of 3,369 shown"))
    #expect(page.contains("Nothing found by: odd-size, bright."))
    #expect(page.html.components(separatedBy: "cluster joined").count - 1 == 4 + 4 + 4)
  }

  @Test func `Suggestions show totals, judgement and cards`() throws {
    let page = try Page(TrialContent.full)
    #expect(page.contains("1,969 suggestions on 35,875 audited samples (5.5%)"))
    #expect(page.contains("948 of 1,904 known errors found (recall 49.8%)"))
    #expect(page.contains("The 14 most confident of 1,969."))
    #expect(page.contains("votes: surprise 7, fear 2, unknown 1"))
    #expect(page.contains("<span class=\"given\">neutral</span> <span aria-label=\"to\">→</span> <b>no face</b>"))
    #expect(page.contains("88.2%\u{A0}to\u{A0}95.5%"))
  }

  @Test func `A card of many classes keeps the given, the suggested and the most probable ones`() {
    let classes = (0..<20).map { "c\($0)" }
    var top = TrialContent.suggestions.top[0]
    top.given = "c19"
    top.suggested = "c3"
    top.probabilities = (0..<20).map { $0 == 7 ? 0.5 : 0.01 }
    #expect(SuggestionCard.classesShown(classes, top, atMost: 4) == [0, 3, 7, 19])
    top.probabilities = [0.5]
    #expect(SuggestionCard.classesShown(classes, top) == [0])
  }

  @Test func `Maps stand in rows and columns, and what is missing has no picture`() throws {
    var content = ReportContent(title: "t", explanations: TrialContent.explanations)
    content.explanations[0].tables[0].rows[0].details = ["<b>&"]
    let page = try Page(content)
    #expect(page.html.components(separatedBy: "<caption>").count == 2, "a table without rows is left out")
    #expect(page.contains("<th scope=\"col\">face</th><th scope=\"col\">occlusion</th>"))
    #expect(page.attributes("src").count == 7)
    #expect(page.html.contains("<span>&lt;b&gt;&amp;</span>"))
    #expect(!page.html.contains("<b>&</b>"))
    content.explanations[0].tables = []
    #expect(try Self.sections(of: content).isEmpty)
  }

  @Test func `Changes are summed by actor and by way`() throws {
    let section = try #require(ChangesSection(TrialContent.full))
    #expect(section.lead.hasPrefix("828 changes by 3 actors."))
    #expect(section.tables[0].rows.map { $0.cells.map(\.text) }.first == ["rule accept-above 0.85", "737", "–"])
    #expect(section.tables[0].rows.last?.cells.map(\.text) == ["all", "816", "12"])
    #expect(section.tables[1].rows.first?.cells.map(\.text) == ["sad → neutral", "relabelled", "301"])
  }

  @Test func `A long list of changes ends with the sum of the rest`() throws {
    var content = ReportContent(title: "t")
    content.changes = (0..<30).map { .init(actor: "rule x", from: "class \($0)", to: "y", samples: 100 - $0) }
    let rows = try #require(ChangesSection(content)).tables[1].rows
    #expect(rows.count == ChangesSection.longestList + 1)
    #expect(rows.last?.cells.map(\.text) == ["14 other ways", "", "1,085"])
  }

  @Test func `A split that no step changes has one column`() throws {
    let table = try #require(BalanceSection(TrialContent.full)).tables[0]
    #expect(
      table.columns.map(\.name) == [
        "Class", "train before", "train after resolve", "train after rebalance", "validation", "test",
      ])
    #expect(table.rows.last?.cells.map(\.text) == ["all", "28,709", "28,504", "32,644", "3,589", "3,589"])
  }

  @Test func `The folds of an audit are one entry of the legend`() throws {
    let section = try #require(TrainingSection(TrialContent.full))
    #expect(section.legend.map(\.name) == ["curated", "raw", "audit (5 networks)"])
    #expect(section.figures.map(\.heading) == ["Loss", "Accuracy", "Learning rate"])
  }

  @Test func `A change for the worse is marked, and less loss is better`() throws {
    let rows = try #require(EvaluationSection(TrialContent.full)).tables[0].rows
    #expect(rows[1].cells.map(\.style)[4] == "number better")
    #expect(rows[1].cells.map(\.text)[8] == "−0.084")
    #expect(rows[1].cells.map(\.style)[8] == "number better")
    #expect(rows[5].cells.map(\.text)[4] == "−0.8 pp")
    #expect(rows[5].cells.map(\.style)[4] == "number worse")
    #expect(rows[0].style == "open" && rows[1].style == nil)
  }
}
