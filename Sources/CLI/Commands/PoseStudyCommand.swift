import ArgumentParser
import Curation
import Foundation
import Imaging
import Reports

/// `fercure study pose`: which turned heads the checks find.
struct PoseStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pose", abstract: "Which turned, nodding and leaning heads do the checks find?",
    discussion: """
      Frontal faces of the dataset are turned by known angles, as ellipsoids, and judged by what is learnt from the others. \
      Printed are the angle that is estimated, and for each check the mean score, the share that is flagged, and how often a \
      turned face scores below one that is not (50 % by chance). Negative angles turn left, up and to the right shoulder.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The angles, separated by commas.", valueName: "degrees"))
  var degrees = "-40,-20,0,20,40,60"

  @Option(help: ArgumentHelp("Faces that are turned.", valueName: "n"))
  var faces = 200

  @Option(help: ArgumentHelp("Also write a chart of the shares flagged.", valueName: "svg"))
  var chart: String?

  @Option(help: ArgumentHelp("Also write a picture of two faces at every angle.", valueName: "png"))
  var sheet: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if faces < 1 { throw ValidationError("--faces is at least 1.") }
  }

  func run() throws {
    let angles = try parsedAngles(degrees, in: -90...90)
    let chartFile = try chart.map { try ResultFile($0, besides: [sheet].compactMap(\.self)) }
    let sheetFile = try sheet.map { try ResultFile($0) }
    let study = try PoseStudy(dataset.open(), count: faces)
    let report = Report(faces: study.faces.count, rows: study.rows(degrees: angles))
    try chartFile?.write(report.chart.standalone())
    if let sheetFile { try writeSheet(study, angles, to: sheetFile) }
    try common.print(report, text: report.text)
  }

  private func writeSheet(_ study: PoseStudy, _ angles: [Double], to file: ResultFile) throws {
    let faces = study.faces.filter { $0.shape == study.faces[0].shape }.prefix(2)
    let rows = PoseStudy.Axis.allCases.flatMap { axis in
      faces.map { face in angles.map { PoseStudy.turned(face, axis, degrees: $0) } }
    }
    guard let picture = ContactSheet.image(rows: rows, magnification: 2) else { return }
    try file.write(Data(PNGCodec.encode(picture)))
  }

  /// What the checks say, axis by axis.
  struct Report: Encodable {
    var faces: Int
    var rows: [PoseStudy.Row]

    private static let checks = [ExtremePose.name, Outliers.name]

    var text: String {
      var table = TextTable(
        header: ["head", "degrees", "estimated"] + Self.checks.flatMap { [$0, "flagged", "told apart"] })
      table.rows = rows.map { row in
        [row.axis.rawValue, Numbers.decimal(row.degrees, places: 0), Numbers.decimal(row.estimated, places: 0)]
          + Self.checks.flatMap { check in
            [
              Numbers.decimal(row.scores[check] ?? 0, places: 2), Numbers.percent(row.flagged[check] ?? 0),
              Numbers.percent(row.separation[check] ?? 0),
            ]
          }
      }
      return "\(Numbers.count(faces, "frontal face")), turned by known angles\n\n\(table.text)"
    }

    var chart: LineChart {
      let colors: [PoseStudy.Axis: ChartColor] = [.turn: .accent, .nod: .second, .lean: .third]
      return LineChart(
        title: "Turned heads that are flagged",
        summary: "Shares by angle: extreme-pose drawn through, outliers dashed.", xName: "degrees",
        series: Self.checks.flatMap { check in
          PoseStudy.Axis.allCases.map { axis in
            LineChart.Series(
              name: "\(axis.rawValue), \(check)",
              points: rows.filter { $0.axis == axis }.map {
                LineChart.Point(x: $0.degrees, y: $0.flagged[check] ?? 0)
              }, color: colors[axis] ?? .base, isDashed: check == Outliers.name)
          }
        }, number: .percent)
    }
  }
}
