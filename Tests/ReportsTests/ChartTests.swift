import Curation
import Foundation
import Testing

@testable import Reports

/// What every chart promises, tried on good values and on bad ones.
@Suite struct ChartTests {
  static let nasty = "<script>\"&'"

  /// One of each chart with plausible values.
  static var good: [any Chart] {
    let classes = TrialContent.classes
    return [
      BarChart(
        title: "bars", summary: "s", categories: classes,
        series: [
          .init(name: "before", values: TrialContent.train.map { Double($0) }, color: .base),
          .init(name: "after", values: TrialContent.resolved.map { Double($0) }, color: .accent),
        ]),
      LineChart(
        title: "lines", summary: "s",
        series: [
          .init(name: "a", points: (1...9).map { .init(x: Double($0), y: 1 / Double($0)) }, color: .accent),
          .init(name: "b", points: [.init(x: 1, y: 0.5)], color: .second, isDashed: true, isLabelled: true),
        ]),
      HeatMap(
        title: "matrix", summary: "s",
        matrix: .init(rows: ["a", "b"], columns: ["a", "b"], counts: [[9, 1], [2, 8]]),
        rowsName: "truth", columnsName: "prediction"),
      HistogramChart(
        title: "histogram", summary: "s", histogram: .init(of: [0.1, 0.5, 0.55, 0.9], bins: 10), xName: "x",
        threshold: 0.5, thresholdName: "t"),
      IntervalChart(
        title: "intervals", summary: "s", xName: "x", yName: "y",
        bins: [.init(lower: 0.5, upper: 0.6, trials: 10, successes: 5)]),
      ProbabilityBars(
        title: "probabilities", summary: "s", classes: classes, probabilities: [0.1, 0.2, 0.7], given: "fear",
        suggested: "happy"),
      DumbbellChart(
        title: "dumbbells", summary: "s", categories: classes, before: [0.1, 0.5], beforeName: "raw",
        after: [0.2, 0.4], afterName: "curated"),
    ]
  }

  /// One of each chart with values that measurements can go wrong with, and names that mean harm.
  static var bad: [any Chart] {
    let values = [Double.nan, .infinity, -.infinity, -1, 1e300, 0]
    let points = values.map { LineChart.Point(x: 1, y: $0) } + values.map { LineChart.Point(x: $0, y: 1) }
    return [
      BarChart(
        title: nasty, summary: nasty, categories: [nasty, "b", "c", "d", "e", "f", "g"],
        series: [.init(name: nasty, values: values, color: .base), .init(name: "x", values: [], color: .accent)]),
      BarChart(title: nasty, summary: nasty, categories: [], series: []),
      LineChart(title: nasty, summary: nasty, series: [.init(name: nasty, points: points, color: .accent)]),
      LineChart(title: nasty, summary: nasty, xName: nasty, series: []),
      HeatMap(
        title: nasty, summary: nasty,
        matrix: .init(rows: [nasty, "b"], columns: [nasty, "b", "c"], counts: [[0, -5], []]), rowsName: nasty,
        columnsName: nasty, shade: .largest, rowTotals: [0]),
      HeatMap(
        title: nasty, summary: nasty, matrix: .init(rows: [], columns: [], counts: []), rowsName: "", columnsName: ""),
      HistogramChart(
        title: nasty, summary: nasty, histogram: .init(lower: .nan, upper: .infinity, counts: [0, -1]), xName: nasty,
        threshold: .nan, thresholdName: nasty),
      HistogramChart(
        title: nasty, summary: nasty, histogram: .init(lower: 1, upper: 1, counts: []), xName: nasty, threshold: 0.5,
        thresholdName: nasty),
      IntervalChart(
        title: nasty, summary: nasty, xName: nasty, yName: nasty,
        bins: [
          .init(lower: .nan, upper: 1, trials: 3, successes: 1), .init(lower: 0, upper: 1, trials: 0, successes: 0),
          .init(lower: 0, upper: 1, trials: 1, successes: 2),
        ]),
      ProbabilityBars(
        title: nasty, summary: nasty, classes: [nasty, "b", "c", "d", "e", "f", "g"], probabilities: values,
        given: nasty, suggested: nil),
      DumbbellChart(
        title: nasty, summary: nasty, categories: [nasty, "b", "c"], before: [.nan, 0, 1], beforeName: nasty,
        after: [0, .infinity], afterName: nasty),
    ]
  }

  @Test func `Every drawing is well-formed, with a title and a description`() {
    for chart in Self.good + Self.bad {
      #expect(Markup.isWellFormed(chart.svg), "\(chart)")
      #expect(chart.svg.contains("<title>\(HTMLText.escaped(chart.title))</title>"))
      #expect(chart.svg.contains("<desc>\(HTMLText.escaped(chart.summary))</desc>"))
      #expect(chart.svg.contains("role=\"img\""))
    }
  }

  @Test func `No drawing holds a number that is none`() {
    for chart in Self.good + Self.bad {
      #expect(!Markup.holdsNoNumber(chart.svg), "\(chart.svg)")
    }
  }

  @Test func `Names never become elements`() {
    for chart in Self.bad {
      #expect(!chart.svg.contains("<script"))
    }
  }

  @Test func `The suggested class, which is bold, is not cut off`() throws {
    let bars = ProbabilityBars(
      title: "t", summary: "s", classes: ["sad", "surprise"], probabilities: [0.1, 0.9], given: "sad",
      suggested: "surprise")
    let end = try #require(bars.svg.firstMatch(of: /<text x="([0-9.]+)"[^>]*>(?:<title>[^<]*<\/title>)?surprise</))
    // "surprise" in DejaVu Sans Bold of 10.5 pixels, by the advance widths of the font.
    #expect(try #require(Double(end.1)) >= 48.6)
  }

  @Test func `Equal charts give equal drawings, without colours of their own`() {
    for (one, two) in zip(Self.good, Self.good) {
      #expect(one.svg == two.svg)
      #expect(!one.svg.contains("#") && !one.svg.contains("rgb"))
    }
  }

  @Test func `A drawing can stand alone`() {
    for chart in Self.good {
      let file = chart.standalone()
      #expect(Markup.isWellFormed(file))
      #expect(file.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" "))
      #expect(file.contains("--accent: #"))
    }
  }
}
