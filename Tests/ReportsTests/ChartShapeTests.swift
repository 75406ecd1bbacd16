import Foundation
import Testing

@testable import Reports

/// What the charts show, one by one.
@Suite struct ChartShapeTests {
  @Test func `The longest bar belongs to the largest value and shorter ones are in proportion`() throws {
    let chart = BarChart(
      title: "t", summary: "s", categories: ["a", "b"],
      series: [.init(name: "n", values: [100, 50], color: .accent)])
    let widths = Markup.attributes("width", in: chart.svg).dropFirst().compactMap { Double($0) }
    try #require(widths.count == 2)
    #expect(abs(widths[0] - 2 * widths[1]) < 0.02)
    #expect(chart.svg.contains(">100</text>") && chart.svg.contains(">50</text>"))
  }

  @Test func `A missing point interrupts the line`() {
    let points = [1, 2, 3, 4, 5].map { LineChart.Point(x: $0, y: $0 == 3 ? .nan : $0) }
    let chart = LineChart(title: "t", summary: "s", series: [.init(name: "n", points: points, color: .accent)])
    #expect(Markup.attributes("points", in: chart.svg).count == 2)
  }

  @Test func `Labels at the ends of lines do not cover each other`() {
    let series = (0..<4).map { number in
      LineChart.Series(
        name: "\(number)", points: [.init(x: 1, y: 0), .init(x: 2, y: 1 + Double(number) * 1e-4)], color: .accent,
        isLabelled: true)
    }
    let svg = LineChart(title: "t", summary: "s", series: series).svg
    let heights = svg.matches(of: /<text x="[^"]*" y="([^"]*)" class="end/).compactMap { Double($0.1) }.sorted()
    #expect(heights.count == 4)
    for (one, two) in zip(heights, heights.dropFirst()) { #expect(two - one >= 12) }
  }

  @Test func `Series of one name share one entry of the legend`() {
    let line = LineChart.Series(name: "folds", points: [.init(x: 1, y: 1), .init(x: 2, y: 2)], color: .quiet)
    let other = LineChart.Series(name: "raw", points: [.init(x: 1, y: 1), .init(x: 2, y: 2)], color: .base)
    let svg = LineChart(title: "t", summary: "s", series: [line, line, line, other]).svg
    #expect(svg.components(separatedBy: ">folds</text>").count == 2)
    #expect(svg.components(separatedBy: ">raw</text>").count == 2)
  }

  @Test func `The cells of a matrix tell count and share of the row`() {
    let matrix = ReportContent.LabelMatrix(rows: ["a", "b"], columns: ["a", "b"], counts: [[9, 1], [0, 0]])
    let map = HeatMap(title: "t", summary: "s", matrix: matrix, rowsName: "truth", columnsName: "prediction")
    #expect(map.shares == [[0.9, 0.1], [0, 0]])
    #expect(map.svg.contains("class=\"count level-9\">9</text>"))
    #expect(map.svg.contains(">90%</text>") && map.svg.contains(">10%</text>"))
    #expect(map.svg.contains("class=\"count level-1\">1</text>"))
  }

  @Test func `Long names of columns are tilted`() {
    func map(_ names: [String]) -> String {
      HeatMap(
        title: "t", summary: "s",
        matrix: .init(rows: names, columns: names, counts: names.map { _ in names.map { _ in 1 } }), rowsName: "r",
        columnsName: "c"
      ).svg
    }
    #expect(!map(["a", "b"]).contains("rotate"))
    #expect(map(["a", "something rather long"]).contains("rotate(-45)"))
  }

  @Test func `A matrix grows with its columns, and short names are never abbreviated`() {
    func map(_ count: Int) -> HeatMap {
      let names = (0..<count).map { "\($0)" }
      return HeatMap(
        title: "t", summary: "s", matrix: .init(rows: names, columns: names, counts: []), rowsName: "r",
        columnsName: "c")
    }
    #expect(map(40).width > map(7).width && map(40).width >= 40 * 36)
    for count in 1...12 { #expect(!map(count).svg.contains("…")) }
  }

  @Test func `Bars from the threshold on stand out`() {
    let svg = HistogramChart(
      title: "t", summary: "s", histogram: .init(lower: 0, upper: 1, counts: [1, 2, 3, 4]), xName: "x", threshold: 0.5,
      thresholdName: "from here"
    ).svg
    #expect(svg.components(separatedBy: "class=\"fill-accent\"").count == 3)
    #expect(svg.components(separatedBy: "class=\"fill-base\"").count == 3)
    #expect(svg.contains("from here"))
  }

  @Test func `A histogram counts every value once`() {
    let histogram = ReportContent.Histogram(of: [-1, 0, 0.49, 0.5, 1, 7, .nan, .infinity], bins: 2)
    #expect(histogram.counts == [3, 4])
  }
}
